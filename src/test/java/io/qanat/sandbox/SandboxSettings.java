package io.qanat.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which servers the sandbox has, where they listen and where they keep their data.
 *
 * @param folder where data is kept
 * @param temporary whether the data goes when the sandbox closes
 * @param servers what to start
 * @param options the properties below {@code qanat.sandbox.}, without that prefix
 */
public record SandboxSettings(
    Path folder, boolean temporary, Set<Server> servers, Map<String, String> options) {
  static final String PREFIX = "qanat.sandbox.";
  private static final String WIRE_PORT = "kafka.wire-port";
  private static final String WIRE_ADVERTISED = "kafka.wire-advertised-port";

  /** As the system properties and the environment say: fixed ports, data in {@code .sandbox/}. */
  public static SandboxSettings fromEnvironment() {
    Map<String, String> options = new HashMap<>();
    System.getenv()
        .forEach(
            (name, value) -> put(options, name.toLowerCase(Locale.ROOT).replace('_', '.'), value));
    System.getProperties()
        .forEach((name, value) -> put(options, name.toString(), value.toString()));
    String folder = options.getOrDefault("folder", ".sandbox");
    String servers = options.getOrDefault("servers", "");
    return new SandboxSettings(
        Path.of(folder).toAbsolutePath().normalize(),
        false,
        servers.isEmpty() ? EnumSet.allOf(Server.class) : parse(servers),
        options);
  }

  /** For tests: the named servers on free ports; their data goes with them. */
  public static SandboxSettings forTests(Server... servers) {
    try {
      return new SandboxSettings(
          Files.createTempDirectory("qanat-sandbox").toRealPath(),
          true,
          Set.copyOf(Arrays.asList(servers)),
          freePorts());
    } catch (IOException e) {
      throw new SandboxException("No temporary folder: " + e.getMessage(), e);
    }
  }

  /** For tests: the named servers on free ports; their data stays in the folder. */
  public static SandboxSettings in(Path folder, Server... servers) {
    return new SandboxSettings(
        folder.toAbsolutePath().normalize(),
        false,
        Set.copyOf(Arrays.asList(servers)),
        freePorts());
  }

  /** The same with another value of {@code qanat.sandbox.<option>}. */
  public SandboxSettings with(String option, String value) {
    Map<String, String> changed = new TreeMap<>(options);
    changed.put(option, value);
    return new SandboxSettings(folder, temporary, servers, changed);
  }

  /** The same with a second way to the sandbox's broker. */
  public SandboxSettings with(Kafka.Wire wire) {
    return with(WIRE_PORT, Integer.toString(wire.port()))
        .with(WIRE_ADVERTISED, Integer.toString(wire.advertisedPort()));
  }

  Kafka.@Nullable Wire kafkaWire() {
    return option(WIRE_PORT)
        .map(
            port ->
                new Kafka.Wire(
                    Integer.parseInt(port),
                    Integer.parseInt(option(WIRE_ADVERTISED).orElseThrow())))
        .orElse(null);
  }

  Optional<String> option(String name) {
    return Optional.ofNullable(options.get(name))
        .or(() -> Optional.ofNullable(options.get(name.replace('-', '.'))));
  }

  /** The real server that is configured in place of the sandbox's own. */
  Optional<String> configured(Server server) {
    return option(server.addressOption());
  }

  boolean wipe() {
    return option("wipe").map(Boolean::parseBoolean).orElse(false);
  }

  int port(Server server) {
    return option(server.portOption())
        .map(value -> number(server, value))
        .orElse(server.defaultPort());
  }

  /** Where the server keeps its data. */
  Path folder(Server server) {
    return folder.resolve(server.key());
  }

  private static int number(Server server, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new SandboxException(
          "%s%s is no port number: %s".formatted(PREFIX, server.portOption(), value), e);
    }
  }

  private static Map<String, String> freePorts() {
    Map<String, String> ports = new HashMap<>();
    for (Server server : Server.values()) {
      ports.put(server.portOption(), "0");
    }
    return ports;
  }

  private static Set<Server> parse(String servers) {
    Set<Server> parsed = EnumSet.noneOf(Server.class);
    for (String name : servers.split(",", -1)) {
      parsed.add(Server.of(name));
    }
    return parsed;
  }

  // A build passes every property on, set or not.
  private static void put(Map<String, String> options, String name, String value) {
    if (name.startsWith(PREFIX) && !value.isBlank()) {
      options.put(name.substring(PREFIX.length()), value.strip());
    }
  }
}
