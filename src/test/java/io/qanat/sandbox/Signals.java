package io.qanat.sandbox;

import java.util.List;

/** Signals that Java has no word for, such as STOP and CONT. */
final class Signals {
  private Signals() {}

  static void send(long pid, String signal) {
    Commands.run(List.of("kill", "-" + signal, Long.toString(pid)));
  }
}
