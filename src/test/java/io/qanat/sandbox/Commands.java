package io.qanat.sandbox;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs short commands of the system. */
final class Commands {
  private static final long LIMIT_SECONDS = 60;

  private Commands() {}

  /** Runs it, or says in one line that it failed. */
  static void run(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(new File("/"))
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new SandboxException("No end within %d s: %s".formatted(LIMIT_SECONDS, command));
      }
      if (process.exitValue() != 0) {
        throw new SandboxException(
            "%s failed with status %d".formatted(command, process.exitValue()));
      }
    } catch (IOException e) {
      throw new SandboxException(command.get(0) + " did not run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("Interrupted: " + command, e);
    }
  }

  /** What it prints; nothing when there is no such command or it fails. */
  static Optional<String> output(List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(new File("/"))
              .redirectError(Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? Optional.of(output) : Optional.empty();
    } catch (IOException absent) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
