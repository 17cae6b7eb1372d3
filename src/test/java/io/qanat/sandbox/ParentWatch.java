package io.qanat.sandbox;

/** Ends this process with the build that started it, which may be killed without a word. */
final class ParentWatch {
  private ParentWatch() {}

  /** Follows the parent when {@code qanat.sandbox.follow-parent} says so. */
  static void followIfAsked() {
    if (Boolean.getBoolean(SandboxSettings.PREFIX + "follow-parent")) {
      ProcessHandle.current().parent().ifPresent(ParentWatch::follow);
    }
  }

  private static void follow(ProcessHandle parent) {
    Thread watch =
        new Thread(
            () -> {
              parent.onExit().join();
              System.exit(1);
            },
            "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }
}
