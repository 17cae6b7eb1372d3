package io.qanat.sandbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The servers that the hub talks to, started together: each the sandbox's own, or a real one where
 * its address is configured. They end with the sandbox, and with this process however it ends.
 */
public final class Sandbox implements AutoCloseable {
  private final SandboxSettings settings;
  private final SandboxFolder folder;
  private final Map<Server, SandboxServer> servers =
      Collections.synchronizedMap(new EnumMap<>(Server.class));

  private Sandbox(SandboxSettings settings, SandboxFolder folder) {
    this.settings = settings;
    this.folder = folder;
  }

  /** A sandbox whose servers are ready. */
  public static Sandbox start(SandboxSettings settings) {
    for (Server server : settings.servers()) {
      if (settings.configured(server).isEmpty()) {
        Ports.requireFree(
            settings.port(server), server.title(), SandboxSettings.PREFIX + server.portOption());
      }
    }
    Sandbox sandbox = new Sandbox(settings, SandboxFolder.take(settings.folder()));
    try {
      if (settings.wipe()) {
        sandbox.folder.wipe();
      }
      sandbox.startServers();
      return sandbox;
    } catch (RuntimeException e) {
      sandbox.close();
      throw e;
    }
  }

  private void startServers() {
    List<Callable<SandboxServer>> starts = new ArrayList<>();
    for (Server server : settings.servers()) {
      starts.add(
          () -> {
            SandboxServer started =
                settings
                    .configured(server)
                    .<SandboxServer>map(address -> Configured.of(server, address, settings))
                    .orElseGet(() -> start(server));
            servers.put(server, started);
            return started;
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, starts.size()));
    try {
      for (Future<SandboxServer> start : threads.invokeAll(starts)) {
        start.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SandboxException known
          ? known
          : new SandboxException("A server did not start: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxException("Interrupted while the servers started", e);
    } finally {
      threads.shutdown();
    }
  }

  private SandboxServer start(Server server) {
    int port = settings.port(server);
    return switch (server) {
      case KAFKA -> Kafka.start(settings.folder(server), port, settings.kafkaWire());
      case MONGODB -> MongoDb.start(settings.folder(server), port);
      case POSTGRESQL ->
          PostgresChoice.start(settings.folder(server), port, settings.option("postgresql.kind"));
      case SALESFORCE -> Salesforce.start(port);
    };
  }

  /** The class path of its servers' JVMs, which is not the hub's. */
  public static String serverClassPath() {
    return ChildJvm.classPath();
  }

  /** What runs. */
  public Collection<SandboxServer> servers() {
    return List.copyOf(servers.values());
  }

  /** What the hub needs to know to find the servers. */
  public Map<String, String> properties() {
    Map<String, String> properties = new TreeMap<>();
    servers().forEach(server -> properties.putAll(server.properties()));
    return properties;
  }

  /** The sandbox's own broker. */
  public Kafka kafka() {
    return own(Server.KAFKA, Kafka.class);
  }

  /** The sandbox's own document server. */
  public MongoDb mongoDb() {
    return own(Server.MONGODB, MongoDb.class);
  }

  /** The sandbox's own PostgreSQL. */
  public PostgreSql postgreSql() {
    return own(Server.POSTGRESQL, PostgreSql.class);
  }

  /** The sandbox's own stand-in. */
  public Salesforce salesforce() {
    return own(Server.SALESFORCE, Salesforce.class);
  }

  private <T extends SandboxServer> T own(Server server, Class<T> type) {
    SandboxServer found = servers.get(server);
    if (!type.isInstance(found)) {
      throw new IllegalStateException(
          "The sandbox does not run %s: it is %s"
              .formatted(server.title(), found == null ? "not started" : found.kind()));
    }
    return type.cast(found);
  }

  /** Stops what it runs, all at once; data stays unless the folder is temporary. */
  @Override
  public void close() {
    try {
      servers().parallelStream().forEach(SandboxServer::close);
    } finally {
      if (settings.temporary()) {
        folder.delete();
      } else {
        folder.close();
      }
    }
  }
}
