package io.qanat.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A server under measurement, in a JVM of its own, all of them with the same options. */
final class MeasuredJvm implements AutoCloseable {
  /** Arguments of a hub: nothing but its speed ends or delays a connection, on a busy machine. */
  static final List<String> UNINTERRUPTED =
      List.of(
          "--server.tomcat.max-keep-alive-requests=-1",
          "--server.tomcat.connection-timeout=60s",
          "--qanat.kafka.max-block=30000",
          "--qanat.kafka.delivery-timeout=30000");

  private final String name;
  private final Path log;
  private final Process process;
  private final Thread hook;

  private MeasuredJvm(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
    hook = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Starts the packaged hub. */
  static MeasuredJvm hub(String name, List<String> arguments) {
    return start(name, List.of("-jar", System.getProperty("qanat.jar")), arguments);
  }

  /** Starts a hub. */
  interface Hub {
    MeasuredJvm start(String name, List<String> arguments);
  }

  /** The arguments of a hub that only delivers one flow. */
  static List<String> delivering(String flow, Map<String, String> properties) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--qanat.roles=deliver",
                "--qanat.flows=" + flow,
                "--server.port=0",
                "--management.server.port=0"));
    properties.forEach((property, value) -> arguments.add("--" + property + "=" + value));
    return arguments;
  }

  /** Starts the packaged hub of another checkout, with its own routes. */
  static MeasuredJvm hub(String name, Path home, List<String> arguments) {
    List<String> all = new ArrayList<>(arguments);
    all.add("--qanat.home=" + home);
    return start(name, List.of("-jar", home.resolve("target/qanat.jar").toString()), all);
  }

  /** Starts a main class of this class path. */
  static MeasuredJvm main(String name, Class<?> main, List<String> arguments) {
    return start(
        name, List.of("-cp", System.getProperty("java.class.path"), main.getName()), arguments);
  }

  /** Starts a main class of another class path. */
  static MeasuredJvm main(
      String name, String classPath, String main, List<String> options, List<String> arguments) {
    List<String> program = new ArrayList<>(options);
    program.addAll(List.of("-cp", classPath, main));
    return start(name, program, arguments);
  }

  private static MeasuredJvm start(String name, List<String> program, List<String> arguments) {
    return start(name, BenchSettings.javaHome(), program, arguments);
  }

  /** Starts a program in a Java runtime of its own. */
  static MeasuredJvm start(
      String name, Path javaHome, List<String> program, List<String> arguments) {
    Path log = reports().resolve(name + ".log");
    List<String> command = new ArrayList<>();
    command.add(javaHome.resolve("bin/java").toString());
    command.addAll(List.of("-Xms512m", "-Xmx512m"));
    BenchSettings.jvmOptions().forEach(o -> command.add(o.replace("%name", name)));
    command.addAll(program);
    command.addAll(arguments);
    try {
      return new MeasuredJvm(
          name,
          log,
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder for tables and logs. */
  static Path reports() {
    try {
      return Files.createDirectories(Path.of("target", "bench"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it is ready. */
  void await(Callable<Boolean> ready) {
    await(Duration.ofMinutes(2), Duration.ofMillis(100), ready);
  }

  /** Waits until something is so that it is to bring about. */
  void await(Duration atMost, Duration interval, Callable<Boolean> ready) {
    Awaitility.await(name + " is ready, see " + log)
        .atMost(atMost)
        .pollDelay(Duration.ZERO)
        .pollInterval(interval)
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException(name + " has ended, see " + log);
              }
              return ready.call();
            });
  }

  /** The processor time that it has used so far. */
  Duration cpu() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /**
   * The memory that a process holds, of all kinds.
   *
   * @param mib how much it holds, in MiB
   * @param peakMib the most that it ever held
   */
  record Resident(double mib, double peakMib) {}

  /** The memory that it holds; Linux tells it. */
  Resident resident() {
    try {
      Map<String, Integer> kib =
          Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
              .filter(line -> line.endsWith(" kB"))
              .map(line -> line.split("\\s+", -1))
              .collect(Collectors.toMap(words -> words[0], words -> Integer.valueOf(words[1])));
      return new Resident(kib.get("VmRSS:") / 1_024.0, kib.get("VmHWM:") / 1_024.0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
