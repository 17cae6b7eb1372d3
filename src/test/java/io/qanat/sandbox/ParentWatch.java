package io.qanat.sandbox;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Ends this process with the build that started it, which may be killed without a word. */
final class ParentWatch {
  private static final long INTERVAL_MILLIS = 250;

  private ParentWatch() {}

  /** Follows the parent when {@code qanat.sandbox.follow-parent} says so. */
  static void followIfAsked() {
    if (Boolean.getBoolean(SandboxSettings.PREFIX + "follow-parent")) {
      Thread watch = new Thread(ParentWatch::follow, "parent-watch");
      watch.setDaemon(true);
      watch.start();
    }
  }

  // An orphan gets another parent at once; the dead one may stay visible until it is reaped.
  private static void follow() {
    Optional<ProcessHandle> first = ProcessHandle.current().parent();
    try {
      while (ProcessHandle.current().parent().equals(first)) {
        TimeUnit.MILLISECONDS.sleep(INTERVAL_MILLIS);
      }
      System.exit(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
