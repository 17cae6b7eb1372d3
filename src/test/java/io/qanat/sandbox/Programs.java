package io.qanat.sandbox;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs of the system that tests run to their end, such as clients in other languages. */
public final class Programs {
  private static final long MINUTES = 3;

  private Programs() {}

  /** Whether the system has a program. */
  public static boolean isOnThePath(String program) {
    return List.of(System.getenv("PATH").split(File.pathSeparator, -1)).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** How a program ended, and all that it said. */
  public record Ended(int status, String output) {}

  /**
   * Runs a program in a folder, for at most three minutes.
   *
   * @throws IllegalStateException if it does not end
   */
  public static Ended run(Path folder, List<String> command) {
    try {
      Path log = Files.createTempFile("program", ".log");
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
        String output = Files.readString(log, StandardCharsets.UTF_8);
        if (!ended) {
          throw new IllegalStateException("%s does not end: %s".formatted(command, output));
        }
        return new Ended(process.exitValue(), output);
      } finally {
        process.destroyForcibly();
        Files.delete(log);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Runs a program that must succeed, and gives what it said. */
  public static String succeed(Path folder, List<String> command) {
    Ended ended = run(folder, command);
    if (ended.status() != 0) {
      throw new IllegalStateException(
          "%s ended with %d: %s".formatted(command, ended.status(), ended.output()));
    }
    return ended.output();
  }
}
