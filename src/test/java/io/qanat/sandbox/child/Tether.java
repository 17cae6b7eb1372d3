package io.qanat.sandbox.child;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;

/**
 * Ties a child JVM to its parent: the end of standard input, by an orderly stop or by the parent's
 * death, ends the child.
 */
final class Tether {
  private static final long STOP_SECONDS = 10;

  private Tether() {}

  /** A server that can be stopped. */
  interface Stoppable {
    void stop() throws Exception;
  }

  /** Says that the server is ready, waits for the parent to let go, then stops the server. */
  static void hold(Stoppable server) throws IOException {
    ignoreInterrupt();
    System.out.println("READY");
    System.out.flush();
    try {
      while (System.in.read() >= 0) {}
    } finally {
      haltLater();
      try {
        server.stop();
      } catch (Exception e) {
        System.err.println("The server did not stop in order: " + e);
      }
      Runtime.getRuntime().halt(0);
    }
  }

  /** Ctrl-C reaches the whole process group, but the parent decides when its servers stop. */
  static void ignoreInterrupt() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler nothing = (proxy, method, args) -> null;
      Object ignore =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, nothing);
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("INT"), ignore);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void haltLater() {
    Thread watchdog =
        new Thread(
            () -> {
              try {
                TimeUnit.SECONDS.sleep(STOP_SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(1);
            },
            "halt");
    watchdog.setDaemon(true);
    watchdog.start();
  }
}
