package io.qanat.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Signals that Java has no word for, such as STOP and CONT. */
final class Signals {
  private static final Pattern IGNORED = Pattern.compile("SigIgn:\\s*([0-9a-f]+)");
  private static final int INT = 2;

  private Signals() {}

  /**
   * Whether Ctrl-C does nothing to this process, nor to those that it starts: a shell that runs a
   * script has what it starts in the background ignore it.
   */
  static boolean ignoresCtrlC() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    Matcher ignored = IGNORED.matcher(Files.readString(status));
    return ignored.find()
        && (Long.parseUnsignedLong(ignored.group(1), 16) & (1L << (INT - 1))) != 0;
  }

  static void send(long pid, String signal) {
    Commands.run(List.of("kill", "-" + signal, Long.toString(pid)));
  }
}
