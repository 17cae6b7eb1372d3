package io.qanat.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.springframework.boot.convert.DurationStyle;

/** What {@code -Dqanat.bench.*} and the environment say about a measurement. */
final class BenchSettings {
  private static final Path JVMS = Path.of("/usr/lib/jvm");

  private BenchSettings() {}

  /**
   * {@code warmup}: how long each server is loaded before anything counts. After 50 s the compiler
   * still takes a tenth of the CPU, and unequally; after 100 s it takes 1 %.
   */
  static Duration warmup() {
    return duration("warmup", "120s");
  }

  /** {@code measure}: how long a measured round is. */
  static Duration measure() {
    return duration("measure", "20s");
  }

  /** {@code rounds}: how many measured rounds each start of a server gets. */
  static int rounds() {
    return Integer.getInteger("qanat.bench.rounds", 3);
  }

  /** {@code starts}: how often the servers are started anew and measured. */
  static int starts() {
    return Integer.getInteger("qanat.bench.starts", 3);
  }

  /** {@code contacts}: how many contacts are delivered. */
  static int contacts() {
    return Integer.getInteger("qanat.bench.contacts", 20_000);
  }

  /** {@code locations}: how many locations are delivered. */
  static int locations() {
    return Integer.getInteger("qanat.bench.locations", 200_000);
  }

  /** {@code documents}: how many documents are delivered. */
  static int documents() {
    return Integer.getInteger("qanat.bench.documents", 200_000);
  }

  /**
   * {@code rows}: how many locations there are when people are looked for, one size after another.
   */
  static List<Long> rows() {
    return Stream.of(System.getProperty("qanat.bench.rows", "1000000").split(",", -1))
        .map(Long::valueOf)
        .sorted()
        .toList();
  }

  /** {@code persons}: of how many people it is found out whom they met. */
  static int persons() {
    return Integer.getInteger("qanat.bench.persons", 20);
  }

  /**
   * {@code limit}: how long a search beside the flow's may take for one person; one that has taken
   * so long for all together, too, is asked about no more.
   */
  static Duration limit() {
    return duration("limit", "10s");
  }

  /** {@code pings}: how many locations one endless stream sends. */
  static long pings() {
    return Long.getLong("qanat.bench.pings", 1_000_000);
  }

  /** {@code other}: the folder of another, packaged checkout, whose hub is measured beside. */
  static Optional<Path> other() {
    return Optional.ofNullable(System.getProperty("qanat.bench.other"))
        .map(Path::of)
        .map(Path::toAbsolutePath);
  }

  /** {@code jvm-options}: more options for the measured JVMs, such as a flight recording. */
  static List<String> jvmOptions() {
    String options = System.getProperty("qanat.bench.jvm-options", "");
    return options.isBlank() ? List.of() : List.of(options.strip().split("\\s+", -1));
  }

  /** {@code records}: how many records there are to read. */
  static int records() {
    return Integer.getInteger("qanat.bench.records", 100_000);
  }

  /** {@code clients}: how many connections read at once. */
  static int clients() {
    return Integer.getInteger("qanat.bench.clients", 8);
  }

  /** {@code MONGODB_URI}: a real MongoDB, in place of the sandbox's document server. */
  static Optional<String> mongoDb() {
    return Optional.ofNullable(System.getenv("MONGODB_URI")).filter(uri -> !uri.isBlank());
  }

  private static Duration duration(String name, String unset) {
    return DurationStyle.detectAndParse(System.getProperty("qanat.bench." + name, unset));
  }

  /** {@code QANAT_BENCH_JAVA_HOME}, or else the newest JDK of this machine. */
  static Path javaHome() {
    String chosen = System.getenv("QANAT_BENCH_JAVA_HOME");
    if (chosen != null) {
      return Path.of(chosen);
    }
    Path running = Path.of(System.getProperty("java.home"));
    try (Stream<Path> homes = Files.isDirectory(JVMS) ? Files.list(JVMS) : Stream.of()) {
      return Stream.concat(Stream.of(running), homes)
          .filter(home -> Files.isExecutable(home.resolve("bin/java")))
          .filter(home -> version(home).isPresent())
          .max(Comparator.comparing(home -> version(home).orElseThrow()))
          .orElse(running);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The version that a JDK says it is. */
  static Optional<Runtime.Version> version(Path home) {
    Properties release = new Properties();
    try (var in = Files.newInputStream(home.resolve("release"))) {
      release.load(in);
      return Optional.of(
          Runtime.Version.parse(release.getProperty("JAVA_VERSION", "").replace("\"", "")));
    } catch (IOException | IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }
}
