package io.qanat.sandbox.child;

import java.nio.file.Path;

/**
 * A server that speaks MongoDB's wire protocol and keeps its documents in one H2 file, or in memory
 * where it has no folder. Reflection keeps its classes away from the compiler's class path, which
 * is the hub's.
 */
final class MongoDbChild {
  private MongoDbChild() {}

  /** Arguments: folder, which may be empty, and port. */
  public static void main(String[] args) throws Exception {
    Tether.ignoreInterrupt();
    Class<?> backendInterface = Class.forName("de.bwaldvogel.mongo.MongoBackend");
    Class<?> serverClass = Class.forName("de.bwaldvogel.mongo.MongoServer");
    Object backend = args[0].isEmpty() ? inMemory() : inFile(Path.of(args[0]));
    Object server = serverClass.getConstructor(backendInterface).newInstance(backend);
    serverClass
        .getMethod("bind", String.class, int.class)
        .invoke(server, "127.0.0.1", Integer.valueOf(args[1]));
    Tether.hold(() -> serverClass.getMethod("shutdownNow").invoke(server));
  }

  private static Object inMemory() throws ReflectiveOperationException {
    return Class.forName("de.bwaldvogel.mongo.backend.memory.MemoryBackend")
        .getConstructor()
        .newInstance();
  }

  private static Object inFile(Path folder) throws ReflectiveOperationException {
    return Class.forName("de.bwaldvogel.mongo.backend.h2.H2Backend")
        .getConstructor(String.class)
        .newInstance(folder.resolve("documents.mv").toString());
  }
}
