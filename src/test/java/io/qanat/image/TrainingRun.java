package io.qanat.image;

import io.qanat.sandbox.Ports;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes the AOT cache of the image: runs the hub as the image does, with real servers, sends it one
 * request of each kind, ends it, and sees that the cache fits the heaps that a container may give.
 */
public final class TrainingRun {
  private static final Duration READY = Duration.ofMinutes(5);
  private static final Duration ASSEMBLED = Duration.ofMinutes(10);
  private static final List<String> HEAPS = List.of("256m", "1g", "4g");

  /** The cache is of use only to a JVM with the same collector. */
  public static final String COLLECTOR = "-XX:+UseG1GC";

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final Path java;
  private final Path jar;
  private final Path cache;
  private final int port = Ports.free();
  private final int managementPort = Ports.free();

  private TrainingRun(Path java, Path jar, Path cache) {
    this.java = java;
    this.jar = jar;
    this.cache = cache;
  }

  /**
   * Makes the cache, or ends with an exception.
   *
   * @param args the Java runtime of the image, the application's jar beside its {@code lib} folder,
   *     the folder of routes and kamelets, and the file to make
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    TrainingRun run =
        new TrainingRun(Path.of(args[0], "bin", "java"), Path.of(args[1]), Path.of(args[3]));
    run.record(Path.of(args[2]));
    for (String heap : HEAPS) {
      run.check(heap);
    }
    System.out.printf(
        "%s: %d MiB, fits heaps of %s%n", run.cache, Files.size(run.cache) >> 20, HEAPS);
  }

  private void record(Path home) throws IOException, InterruptedException {
    Files.deleteIfExists(cache);
    try (Sandbox sandbox =
        Sandbox.start(SandboxSettings.forTests(Server.KAFKA, Server.MONGODB, Server.SALESFORCE))) {
      List<String> command = command("-XX:AOTCacheOutput=" + cache, "-Xmx512m");
      command.addAll(List.of("-jar", jar.toString(), "--qanat.home=" + home));
      command.add("--server.port=" + port);
      command.add("--management.server.port=" + managementPort);
      command.add("--qanat.grpc.port=" + Ports.free());
      sandbox.properties().forEach((name, value) -> command.add("--" + name + "=" + value));
      Process hub = new ProcessBuilder(command).inheritIO().start();
      try {
        awaitReady(hub);
        exercise();
        hub.destroy();
        // The JVM writes the cache after the hub's own end.
        if (!hub.waitFor(ASSEMBLED.toSeconds(), TimeUnit.SECONDS) || !Files.exists(cache)) {
          throw new IllegalStateException("The JVM wrote no " + cache);
        }
      } finally {
        hub.destroyForcibly();
      }
    }
  }

  private void awaitReady(Process hub) throws IOException, InterruptedException {
    long end = System.nanoTime() + READY.toNanos();
    while (!answers("/actuator/health/readiness")) {
      if (!hub.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException("The hub did not become ready");
      }
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private boolean answers(String path) throws InterruptedException {
    try {
      return get(managementPort, path) == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** What a hub of each role does in its first moments: accepts, refuses, delivers, answers. */
  private void exercise() throws IOException, InterruptedException {
    expect(
        200,
        post(
            "/contacts",
            "{\"externalId\":\"c-1\",\"lastName\":\"Lovelace\"}",
            "Prefer",
            "wait=30"));
    expect(400, post("/contacts", "{\"externalId\":\"c-2\"}", "Accept", "*/*"));
    expect(202, post("/data", "{\"name\":\"Ada\"}", "Accept", "*/*"));
    for (String path : List.of("/", "/data", "/openapi/contacts.yaml", "/receipts/contacts-0-0")) {
      get(port, path);
    }
    expect(200, get(managementPort, "/actuator/prometheus"));
    expect(200, get(managementPort, "/actuator/health/liveness"));
  }

  private static void expect(int status, int answered) {
    if (status != answered) {
      throw new IllegalStateException("The hub answered %d, not %d".formatted(answered, status));
    }
  }

  private int get(int port, String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(uri(port, path)));
  }

  private int post(String path, String json, String header, String value)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(uri(port, path))
            .header("Content-Type", "application/json")
            .header(header, value)
            .POST(BodyPublishers.ofString(json)));
  }

  private static URI uri(int port, String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static int send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return HTTP.send(request.timeout(Duration.ofMinutes(1)).build(), BodyHandlers.discarding())
        .statusCode();
  }

  /** A JVM that must use the cache ends with an error when it cannot. */
  private void check(String heap) throws IOException, InterruptedException {
    List<String> command = command("-XX:AOTCache=" + cache, "-XX:AOTMode=on", "-Xmx" + heap);
    command.addAll(List.of("-cp", jar.toString(), "-version"));
    if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
      throw new IllegalStateException("The cache does not fit a heap of " + heap);
    }
  }

  private List<String> command(String... options) {
    List<String> command = new ArrayList<>(List.of(java.toString(), COLLECTOR));
    command.addAll(List.of(options));
    return command;
  }
}
