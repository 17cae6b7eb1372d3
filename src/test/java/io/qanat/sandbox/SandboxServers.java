package io.qanat.sandbox;

import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** The servers without the hub, until Ctrl-C: {@code make sandbox}. */
public final class SandboxServers {
  private SandboxServers() {}

  /** Takes its settings from {@code qanat.sandbox.*} properties and the environment. */
  public static void main(String[] args) throws InterruptedException {
    ParentWatch.followIfAsked();
    Sandbox sandbox = exitOnRefusal(() -> Sandbox.start(SandboxSettings.fromEnvironment()));
    Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close, "sandbox-close"));
    System.out.printf("%nThe sandbox is ready; Ctrl-C stops it.%n%n");
    System.out.print(SandboxReport.of(sandbox).table());
    System.out.printf("%nThe hub finds it with%n%n");
    sandbox.properties().forEach((name, value) -> System.out.printf("  --%s=%s%n", name, value));
    System.out.println();
    System.out.flush();
    new CountDownLatch(1).await();
  }

  /** What it gives, or one line that says why not, and the end of this process. */
  static <T> T exitOnRefusal(Supplier<T> start) {
    try {
      return start.get();
    } catch (SandboxException e) {
      System.err.println(e.getMessage());
      System.exit(1);
      throw e;
    }
  }
}
