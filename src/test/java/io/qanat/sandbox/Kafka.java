package io.qanat.sandbox;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An Apache Kafka broker in a JVM of its own. Topics and offsets stay in its folder; a trial may
 * stop, kill, pause and start it again on the same port.
 */
public final class Kafka extends ChildServer {
  private final Path folder;
  private final int port;
  private final @Nullable Wire wire;

  /**
   * A second way to the broker, for clients whose wire a trial wants to cut or slow down.
   *
   * @param port where the broker listens for them
   * @param advertisedPort where they are told to find it, which is where their wire begins
   */
  public record Wire(int port, int advertisedPort) {}

  private Kafka(Path folder, int port, @Nullable Wire wire) {
    this.folder = folder.toAbsolutePath();
    this.port = port;
    this.wire = wire;
  }

  /**
   * A started broker.
   *
   * @param folder where its data is kept
   * @param port where it listens on loopback; 0 for a free port, which it then keeps
   */
  public static Kafka start(Path folder, int port) {
    return start(folder, port, null);
  }

  static Kafka start(Path folder, int port, @Nullable Wire wire) {
    Kafka kafka = new Kafka(folder, Ports.orFree(port), wire);
    kafka.start();
    return kafka;
  }

  /** Where clients find it. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  @Override
  ChildProcess launch() {
    Wire second = wire == null ? new Wire(0, 0) : wire;
    return ChildJvm.start(
        name(),
        "io.qanat.sandbox.child.KafkaChild",
        "256m",
        folder,
        folder,
        port,
        Ports.free(),
        second.port(),
        second.advertisedPort());
  }

  @Override
  public String name() {
    return Server.KAFKA.title();
  }

  @Override
  public String address() {
    return bootstrapServers();
  }

  @Override
  public Map<String, String> properties() {
    return Map.of("qanat.kafka.bootstrap-servers", bootstrapServers());
  }
}
