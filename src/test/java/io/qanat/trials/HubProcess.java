package io.qanat.trials;

import static org.awaitility.Awaitility.await;

import io.qanat.sandbox.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The packaged hub as a process of its own, on ports that it keeps over a restart. It never
 * outlives this JVM; what it logs is appended to {@code target/trials/<name>.log}.
 */
final class HubProcess implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(2);

  private final Path log;
  private final Map<String, String> properties;
  private final int port = Ports.free();
  private final int managementPort = Ports.free();
  private final int grpcPort = Ports.free();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicInteger starts = new AtomicInteger();
  private @Nullable Process hub;
  private @Nullable Process guard;

  HubProcess(String name, Map<String, String> properties) {
    this.log = Path.of("target", "trials", name + ".log");
    this.properties = properties;
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it takes requests. */
  URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Where it takes gRPC calls. */
  int grpcPort() {
    return grpcPort;
  }

  /** Starts it unless it runs, and returns once it is ready. */
  void start() {
    launch();
    awaitReady();
  }

  /** Starts it unless it runs. */
  void launch() {
    if (hub != null && hub.isAlive()) {
      return;
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx384m", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    command.addAll(program());
    command.add("--server.port=" + port);
    command.add("--management.server.port=" + managementPort);
    command.add("--qanat.grpc.port=" + grpcPort);
    properties.forEach((name, value) -> command.add("--" + name + "=" + value));
    try {
      Files.createDirectories(log.getParent());
      hub =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(log.toFile()))
              .start();
      guard = guard(hub.pid());
      starts.incrementAndGet();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> program() {
    String jar = System.getProperty("qanat.jar", "target/qanat.jar");
    return Files.exists(Path.of(jar))
        ? List.of("-jar", jar)
        : List.of("-cp", System.getProperty("java.class.path"), "io.qanat.QanatApplication");
  }

  /** Kills the hub when this JVM, however it ends, lets go of the guard's input. */
  private static Process guard(long pid) throws IOException {
    return new ProcessBuilder("sh", "-c", "cat > /dev/null; kill -9 " + pid)
        .redirectOutput(Redirect.DISCARD)
        .redirectError(Redirect.DISCARD)
        .start();
  }

  /** Waits until it says that it is ready, and answers. */
  void awaitReady() {
    await("the hub is ready, see " + log)
        .atMost(START)
        .pollInterval(Duration.ofMillis(250))
        .failFast("the hub has ended, see " + log, () -> !Objects.requireNonNull(hub).isAlive())
        .ignoreExceptions()
        .until(
            () ->
                status(managementPort, "/actuator/health/readiness") == 200
                    && status(port, "/") == 200);
  }

  /** How many bytes of its heap are in use after a collection. */
  double liveHeap() throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    String pid = Long.toString(Objects.requireNonNull(hub).pid());
    new ProcessBuilder(jcmd.toString(), pid, "GC.run")
        .redirectErrorStream(true)
        .redirectOutput(Redirect.DISCARD)
        .start()
        .waitFor();
    return metric("jvm_memory_used_bytes", "area=\"heap\"");
  }

  /** How often it was started so far. */
  int starts() {
    return starts.get();
  }

  /** The status of a GET. */
  int status(String path) throws IOException, InterruptedException {
    return status(port, path);
  }

  /** The status of a path of the management port, such as {@code /actuator/health/liveness}. */
  int management(String path) throws IOException, InterruptedException {
    return status(managementPort, path);
  }

  private int status(int port, String path) throws IOException, InterruptedException {
    return get(port, path).statusCode();
  }

  private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return http.send(
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
        BodyHandlers.ofString());
  }

  /** How many events of a flow it has settled for each sink since it was started. */
  Map<String, Double> settled(TrialFlow flow) throws IOException, InterruptedException {
    Map<String, Double> settled = new HashMap<>();
    for (String sink : flow.sinks()) {
      settled.put(
          sink,
          metric(
              "qanat_events_total",
              "flow=\"%s\"".formatted(flow.name()),
              "sink=\"%s\"".formatted(sink)));
    }
    return settled;
  }

  /** The sum of a metric over those of its series that have all these tags. */
  double metric(String name, String... tags) throws IOException, InterruptedException {
    Matcher line =
        Pattern.compile("(?m)^" + name + "(?:\\{([^}]*)})? (\\S+)$")
            .matcher(get(managementPort, "/actuator/prometheus").body());
    double sum = 0;
    while (line.find()) {
      String all = line.group(1) == null ? "" : line.group(1);
      if (Stream.of(tags).allMatch(all::contains)) {
        sum += Double.parseDouble(line.group(2));
      }
    }
    return sum;
  }

  /** Ends it as kill -9 does. */
  void kill9() throws InterruptedException {
    Objects.requireNonNull(hub).destroyForcibly().waitFor();
    close();
  }

  /** Sends SIGTERM and tells how long it took to end; a hub that does not end is killed. */
  Duration stop(Duration limit) throws InterruptedException {
    long start = System.nanoTime();
    Process running = Objects.requireNonNull(hub);
    running.destroy();
    boolean ended = running.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    close();
    if (!ended) {
      throw new AssertionError("The hub did not end within " + limit + ", see " + log);
    }
    return taken;
  }

  /** Waits until it ends by itself, and tells its exit code. */
  int awaitEnd(Duration limit) throws InterruptedException {
    Process running = Objects.requireNonNull(hub);
    if (!running.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      close();
      throw new AssertionError("The hub did not end within " + limit + ", see " + log);
    }
    return running.exitValue();
  }

  /** What it has logged so far, over all its lives. */
  String log() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (guard != null) {
      guard.destroyForcibly();
    }
    if (hub != null) {
      hub.destroyForcibly();
    }
  }
}
