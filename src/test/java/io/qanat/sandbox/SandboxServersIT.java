package io.qanat.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sandbox as a process of its own, seen from outside. */
class SandboxServersIT {
  @TempDir private Path folder;

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void wipe() {
    started.forEach(Process::destroyForcibly);
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreException(SandboxException.class)
        .until(
            () -> {
              try (SandboxFolder left = SandboxFolder.take(folder)) {
                left.wipe();
              }
              return true;
            });
  }

  @Test
  void leavesNoServerWhenItIsKilled() throws Exception {
    Map<Server, Integer> ports = freePorts();
    Process sandbox = start(ports);
    awaitReady(sandbox);
    List<ProcessHandle> children = sandbox.descendants().toList();
    assertThat(ports.values()).noneMatch(Ports::isFree);
    assertThat(children).hasSizeGreaterThanOrEqualTo(2);

    sandbox.destroyForcibly().waitFor();

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(ports.values()).allMatch(Ports::isFree));
  }

  @Test
  void stopsEverythingWithinSecondsOnCtrlC() throws Exception {
    assumeFalse(Signals.ignoresCtrlC(), "Ctrl-C does nothing here");
    Map<Server, Integer> ports = freePorts();
    Process sandbox = start(ports);
    awaitReady(sandbox);

    Signals.send(sandbox.pid(), "INT");

    assertThat(sandbox.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(ports.values()).allMatch(Ports::isFree);
  }

  @Test
  void namesATakenPortInOneLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<Server, Integer> ports = freePorts();
      ports.put(Server.KAFKA, taken.getLocalPort());

      Process sandbox = start(ports);

      String output =
          new String(sandbox.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(output)
          .isEqualTo(
              "Port %d is taken: free it or move Kafka with -Dqanat.sandbox.kafka.port=<port>",
              taken.getLocalPort());
      assertThat(sandbox.waitFor()).isEqualTo(1);
    }
  }

  private Process start(Map<Server, Integer> ports) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dqanat.sandbox.folder=" + folder);
    ports.forEach(
        (server, port) ->
            command.add("-Dqanat.sandbox.%s=%d".formatted(server.portOption(), port)));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), SandboxServers.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    started.add(process);
    return process;
  }

  private static void awaitReady(Process sandbox) throws IOException {
    BufferedReader output = sandbox.inputReader(StandardCharsets.UTF_8);
    List<String> lines = new ArrayList<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      lines.add(line);
      if (line.contains("--qanat.salesforce.login-url=")) {
        return;
      }
    }
    throw new AssertionError("The sandbox ended: " + String.join("\n", lines));
  }

  private static Map<Server, Integer> freePorts() {
    return Arrays.stream(Server.values())
        .collect(
            Collectors.toMap(
                server -> server,
                server -> Ports.free(),
                (one, other) -> one,
                () -> new EnumMap<>(Server.class)));
  }
}
