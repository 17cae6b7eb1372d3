package io.qanat.sandbox;

import java.nio.file.Path;
import java.util.Map;

/**
 * A server that speaks MongoDB's wire protocol, in a JVM of its own, with its documents in a file.
 */
public final class MongoDb extends ChildServer {
  private final Path folder;
  private final int port;

  private MongoDb(Path folder, int port) {
    this.folder = folder.toAbsolutePath();
    this.port = port;
  }

  /**
   * A started server.
   *
   * @param folder where its data is kept
   * @param port where it listens on loopback; 0 for a free port, which it then keeps
   */
  public static MongoDb start(Path folder, int port) {
    MongoDb mongoDb = new MongoDb(folder, Ports.orFree(port));
    mongoDb.start();
    return mongoDb;
  }

  /** Where clients find it. */
  public String uri() {
    return "mongodb://127.0.0.1:" + port + "/qanat";
  }

  @Override
  ChildProcess launch() {
    return ChildJvm.start(
        name(), "io.qanat.sandbox.child.MongoDbChild", "512m", folder, folder, port);
  }

  @Override
  public String name() {
    return Server.MONGODB.title();
  }

  @Override
  public String address() {
    return uri();
  }

  @Override
  public Map<String, String> properties() {
    return Map.of("qanat.mongodb.uri", uri());
  }
}
