package io.qanat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.image.TrainingRun;
import io.qanat.sandbox.Ports;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * From the start of the process until the hub says that it is ready, with its servers running: the
 * jar, and the image's files as {@code image/assemble.sh . target/image} leaves them.
 */
class StartBench {
  private static final Path IMAGE = Path.of("target", "image");

  /** What one start came to. */
  private record Start(double seconds, double cpuSeconds, double residentMib) {}

  /** A way to start, with its starts. */
  private record Way(String name, Path javaHome, List<String> program, List<Start> starts) {
    Way(String name, Path javaHome, List<String> program) {
      this(name, javaHome, program, new ArrayList<>());
    }

    double median(ToDoubleFunction<Start> figure) {
      return Figures.median(starts.stream().mapToDouble(figure).boxed().toList());
    }
  }

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

  @Test
  void measuresTheStart() throws IOException {
    Path application = IMAGE.resolve("app/qanat.jar");
    assertThat(application).as("image/assemble.sh . target/image makes it").exists();
    Path java = IMAGE.resolve("opt/java");
    List<Way> ways =
        List.of(
            new Way(
                "the jar, on Java " + Runtime.version().feature(),
                Path.of(System.getProperty("java.home")),
                List.of("-jar", System.getProperty("qanat.jar"))),
            new Way("the image without its cache", java, List.of("-jar", application.toString())),
            new Way(
                "the image",
                java,
                List.of(
                    "-XX:AOTCache=" + IMAGE.resolve("app/qanat.aot"),
                    "-XX:AOTMode=on",
                    "-jar",
                    application.toString())));
    try (Sandbox sandbox =
        Sandbox.start(
            SandboxSettings.forTests(
                Server.KAFKA, Server.MONGODB, Server.POSTGRESQL, Server.SALESFORCE))) {
      // The first makes the topics.
      ways.forEach(way -> start(way, sandbox));
      ways.forEach(way -> way.starts().clear());
      List<Way> turns = new ArrayList<>(ways);
      for (int i = 0; i < BenchSettings.starts(); i++) {
        turns.forEach(way -> start(way, sandbox));
        Collections.rotate(turns, 1);
      }
    }
    report(ways);
  }

  private void start(Way way, Sandbox sandbox) {
    List<String> arguments = new ArrayList<>();
    int management = Ports.free();
    arguments.add("--server.port=" + Ports.free());
    arguments.add("--management.server.port=" + management);
    arguments.add("--qanat.grpc.port=" + Ports.free());
    sandbox.properties().forEach((name, value) -> arguments.add("--" + name + "=" + value));
    List<String> program = new ArrayList<>(List.of(TrainingRun.COLLECTOR));
    program.addAll(way.program());
    long begin = System.nanoTime();
    try (MeasuredJvm hub = MeasuredJvm.start("start", way.javaHome(), program, arguments)) {
      hub.await(Duration.ofMinutes(5), Duration.ofMillis(10), () -> ready(management));
      way.starts()
          .add(
              new Start(
                  (System.nanoTime() - begin) / 1e9,
                  hub.cpu().toNanos() / 1e9,
                  hub.resident().mib()));
    }
  }

  private boolean ready(int port) throws InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness");
    try {
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode()
          == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static void report(List<Way> ways) throws IOException {
    Report report =
        new Report("Starting", "medians of %d starts in turns".formatted(BenchSettings.starts()));
    report.row("what", "ready after", "CPU until then", "memory then");
    for (Way way : ways) {
      report.row(
          way.name(),
          "%.2f s".formatted(way.median(Start::seconds)),
          "%.2f s".formatted(way.median(Start::cpuSeconds)),
          "%.0f MiB".formatted(way.median(Start::residentMib)));
    }
    Way jar = ways.get(0);
    for (Way way : ways.subList(1, ways.size())) {
      report.row(
          "**" + way.name() + " / the jar**",
          "%.2f".formatted(way.median(Start::seconds) / jar.median(Start::seconds)),
          "%.2f".formatted(way.median(Start::cpuSeconds) / jar.median(Start::cpuSeconds)),
          "%.2f".formatted(way.median(Start::residentMib) / jar.median(Start::residentMib)));
    }
    report.write("start.md");
  }
}
