package io.qanat.sandbox.child;

import java.nio.file.Path;

/**
 * A server that speaks MongoDB's wire protocol and keeps its documents in one H2 file. Reflection
 * keeps its classes away from the compiler's class path, which is the hub's.
 */
final class MongoDbChild {
  private MongoDbChild() {}

  /** Arguments: folder, port. */
  public static void main(String[] args) throws Exception {
    Tether.ignoreInterrupt();
    Class<?> backendInterface = Class.forName("de.bwaldvogel.mongo.MongoBackend");
    Class<?> serverClass = Class.forName("de.bwaldvogel.mongo.MongoServer");
    Object backend =
        Class.forName("de.bwaldvogel.mongo.backend.h2.H2Backend")
            .getConstructor(String.class)
            .newInstance(Path.of(args[0]).resolve("documents.mv").toString());
    Object server = serverClass.getConstructor(backendInterface).newInstance(backend);
    serverClass
        .getMethod("bind", String.class, int.class)
        .invoke(server, "127.0.0.1", Integer.valueOf(args[1]));
    Tether.hold(() -> serverClass.getMethod("shutdownNow").invoke(server));
  }
}
