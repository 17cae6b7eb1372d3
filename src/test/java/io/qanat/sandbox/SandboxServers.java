package io.qanat.sandbox;

import java.util.concurrent.CountDownLatch;

/** The servers without the hub, until Ctrl-C: {@code make sandbox}. */
public final class SandboxServers {
  private SandboxServers() {}

  /** Takes its settings from {@code qanat.sandbox.*} properties and the environment. */
  public static void main(String[] args) throws InterruptedException {
    ParentWatch.followIfAsked();
    Sandbox sandbox = startOrExit(SandboxSettings.fromEnvironment());
    Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close, "sandbox-close"));
    System.out.printf("%nThe sandbox is ready; Ctrl-C stops it.%n%n");
    System.out.print(SandboxReport.of(sandbox).table());
    System.out.printf("%nThe hub finds it with%n%n");
    sandbox.properties().forEach((name, value) -> System.out.printf("  --%s=%s%n", name, value));
    System.out.println();
    System.out.flush();
    new CountDownLatch(1).await();
  }

  /** The sandbox, or one line that says why not, and the end of this process. */
  static Sandbox startOrExit(SandboxSettings settings) {
    try {
      return Sandbox.start(settings);
    } catch (SandboxException e) {
      System.err.println(e.getMessage());
      System.exit(1);
      throw e;
    }
  }
}
