package io.qanat.sandbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A server process that lives no longer than this one: it says READY on its output, and ends when
 * its input does.
 */
final class ChildProcess {
  private static final long STOP_SECONDS = 15;

  private final String name;
  private final Process process;

  private ChildProcess(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /** Starts the command and waits until it is ready; what it has to say goes to the log file. */
  static ChildProcess start(
      String name, List<String> command, Map<String, String> environment, Path folder, Path log) {
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectError(Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      Process process = builder.start();
      ChildProcess child = new ChildProcess(name, process);
      child.awaitReady(log);
      return child;
    } catch (IOException e) {
      throw new SandboxException(name + " did not start: " + e.getMessage(), e);
    }
  }

  private void awaitReady(Path log) throws IOException {
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.equals("READY")) {
        drain(output);
        return;
      }
    }
    process.destroyForcibly();
    throw new SandboxException(name + " did not start: see " + log);
  }

  // A child that fills its output pipe would stand still.
  private void drain(BufferedReader output) {
    Thread reader =
        new Thread(
            () -> {
              try (output) {
                while (output.readLine() != null) {}
              } catch (IOException closed) {
                // The child has ended.
              }
            },
            name + "-output");
    reader.setDaemon(true);
    reader.start();
  }

  long pid() {
    return process.pid();
  }

  /** Asks the server to stop, and insists after a while. */
  void stop() {
    try {
      process.getOutputStream().close();
    } catch (IOException gone) {
      // It has ended already.
    }
    if (!ended()) {
      kill();
    }
  }

  /** Ends it as kill -9 does. */
  void kill() {
    process.destroyForcibly();
    if (!ended()) {
      throw new SandboxException(name + " cannot be killed: pid " + pid());
    }
  }

  private boolean ended() {
    try {
      return process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
