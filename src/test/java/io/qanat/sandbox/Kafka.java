package io.qanat.sandbox;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An Apache Kafka broker in a JVM of its own. Topics and offsets stay in its folder; a trial may
 * stop, kill, pause and start it again on the same port.
 */
public final class Kafka implements SandboxServer {
  private final Path folder;
  private final int port;
  private @Nullable ChildProcess child;

  private Kafka(Path folder, int port) {
    this.folder = folder;
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

  /** Starts it on its port, with its data; does nothing when it runs. */
  public synchronized void start() {
    if (child == null) {
      child =
          ChildJvm.start(
              "Kafka",
              "io.qanat.sandbox.child.KafkaChild",
              "256m",
              folder,
              folder.toAbsolutePath(),
              port,
              Ports.free());
    }
  }

  /** Stops it in order. */
  public synchronized void stop() {
    if (child != null) {
      child.stop();
      child = null;
    }
  }

  /** Ends it as kill -9 does. */
  public synchronized void kill() {
    if (child != null) {
      child.kill();
      child = null;
    }
  }

  /** Freezes it: connections stay open and nothing is answered. */
  public void pause() {
    running().signal("STOP");
  }

  /** Lets a frozen one go on. */
  public void resume() {
    running().signal("CONT");
  }

  /** Its process id. */
  public long pid() {
    return running().pid();
  }

  /** Where clients find it. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  @Override
  public String name() {
    return "Kafka";
  }

  @Override
  public String kind() {
    return "embedded";
  }

  @Override
  public String address() {
    return bootstrapServers();
  }

  @Override
  public Map<String, String> properties() {
    return Map.of("qanat.kafka.bootstrap-servers", bootstrapServers());
  }

  @Override
  public void close() {
    stop();
  }

  private synchronized ChildProcess running() {
    if (child == null) {
      throw new IllegalStateException("Kafka is stopped");
    }
    return child;
  }
}
