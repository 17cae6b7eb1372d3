package io.qanat.sandbox.child;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;

/**
 * A Kafka broker that is its own controller. Reflection keeps its classes away from the compiler's
 * class path, which is the hub's.
 */
final class KafkaChild {
  private KafkaChild() {}

  /**
   * Arguments: folder, broker port, controller port, and of a second way to the broker, which a
   * trial may cut, the port and the port that is told to clients; 0 for none.
   */
  public static void main(String[] args) throws Exception {
    Tether.ignoreInterrupt();
    Path folder = Path.of(args[0]);
    Path log = folder.resolve("log");
    Path settings = folder.resolve("server.properties");
    Properties properties = properties(log, args[1], args[2]);
    if (!args[3].equals("0")) {
      addWire(properties, args[3], args[4]);
    }
    try (OutputStream out = Files.newOutputStream(settings)) {
      properties.store(out, null);
    }
    if (Files.notExists(log.resolve("meta.properties"))) {
      format(settings);
    }
    Class<?> configClass = Class.forName("kafka.server.KafkaConfig");
    Class<?> timeClass = Class.forName("org.apache.kafka.common.utils.Time");
    Object config = configClass.getMethod("fromProps", Properties.class).invoke(null, properties);
    Class<?> serverClass = Class.forName("kafka.server.KafkaRaftServer");
    Object server =
        serverClass
            .getConstructor(configClass, timeClass)
            .newInstance(config, timeClass.getField("SYSTEM").get(null));
    serverClass.getMethod("startup").invoke(server);
    Tether.hold(() -> serverClass.getMethod("shutdown").invoke(server));
  }

  private static void format(Path settings) throws ReflectiveOperationException, IOException {
    String[] command = {"format", "-t", clusterId(), "-c", settings.toString()};
    Object status =
        Class.forName("kafka.tools.StorageTool")
            .getMethod("execute", String[].class, java.io.PrintStream.class)
            .invoke(null, command, System.err);
    if (!Integer.valueOf(0).equals(status)) {
      throw new IOException("Kafka did not format its folder: status " + status);
    }
  }

  private static String clusterId() {
    UUID id = UUID.randomUUID();
    ByteBuffer bytes = ByteBuffer.allocate(16);
    // Kafka refuses an id that begins with a dash: a cleared first bit cannot give one.
    bytes.putLong(id.getMostSignificantBits() & Long.MAX_VALUE);
    bytes.putLong(id.getLeastSignificantBits());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  private static void addWire(Properties properties, String port, String advertisedPort) {
    append(properties, "listeners", ",WIRE://127.0.0.1:" + port);
    append(properties, "advertised.listeners", ",WIRE://127.0.0.1:" + advertisedPort);
    append(properties, "listener.security.protocol.map", ",WIRE:PLAINTEXT");
    properties.put("inter.broker.listener.name", "PLAINTEXT");
  }

  private static void append(Properties properties, String name, String more) {
    properties.put(name, properties.getProperty(name) + more);
  }

  private static Properties properties(Path log, String port, String controllerPort) {
    String broker = "PLAINTEXT://127.0.0.1:" + port;
    Properties properties = new Properties();
    properties.putAll(
        Map.of(
            "process.roles", "broker,controller",
            "node.id", "1",
            "listeners", broker + ",CONTROLLER://127.0.0.1:" + controllerPort,
            "advertised.listeners", broker,
            "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "controller.listener.names", "CONTROLLER",
            "controller.quorum.voters", "1@127.0.0.1:" + controllerPort,
            "log.dirs", log.toString(),
            "num.partitions", "6"));
    // One node holds everything, and tests wait for its groups.
    properties.putAll(
        Map.of(
            "offsets.topic.replication.factor", "1",
            "offsets.topic.num.partitions", "4",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.num.partitions", "4",
            "transaction.state.log.min.isr", "1",
            "share.coordinator.state.topic.replication.factor", "1",
            "share.coordinator.state.topic.min.isr", "1",
            "group.initial.rebalance.delay.ms", "0",
            "group.min.session.timeout.ms", "1000"));
    // A killed broker must be let in again soon, and the default cleaner buffer fills the heap.
    properties.putAll(
        Map.of(
            "broker.heartbeat.interval.ms", "500",
            "broker.session.timeout.ms", "3000",
            "log.cleaner.dedupe.buffer.size", "8388608"));
    return properties;
  }
}
