package io.qanat.sandbox;

import java.nio.file.Path;
import java.util.Map;

/**
 * An Apache Kafka broker in a JVM of its own. Topics and offsets stay in its folder; a trial may
 * stop, kill, pause and start it again on the same port.
 */
public final class Kafka extends ChildServer {
  private final Path folder;
  private final int port;

  private Kafka(Path folder, int port) {
    this.folder = folder.toAbsolutePath();
    this.port = port;
  }

  /**
   * A started broker.
   *
   * @param folder where its data is kept
   * @param port where it listens on loopback; 0 for a free port, which it then keeps
   */
  public static Kafka start(Path folder, int port) {
    Kafka kafka = new Kafka(folder, Ports.orFree(port));
    kafka.start();
    return kafka;
  }

  /** Where clients find it. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  @Override
  ChildProcess launch() {
    return ChildJvm.start(
        name(), "io.qanat.sandbox.child.KafkaChild", "256m", folder, folder, port, Ports.free());
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
