package io.qanat.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** PostgreSQL with PostGIS from a Docker engine; its data goes with its container. */
final class PostgresDocker implements SandboxServer {
  private static final DockerImageName IMAGE =
      DockerImageName.parse("postgis/postgis:17-3.5-alpine").asCompatibleSubstituteFor("postgres");

  private final PostgreSQLContainer<?> container;

  private PostgresDocker(PostgreSQLContainer<?> container) {
    this.container = container;
  }

  /** Whether an engine answers; asking without a socket would only cost time and log lines. */
  static boolean isAvailable() {
    return (Files.exists(Path.of("/var/run/docker.sock"))
            || System.getenv("DOCKER_HOST") != null
            || Files.exists(Path.of(System.getProperty("user.home"), ".docker/run/docker.sock")))
        && DockerClientFactory.instance().isDockerAvailable();
  }

  static PostgresDocker start(int port) {
    PostgreSQLContainer<?> container =
        new PostgreSQLContainer<>(IMAGE)
            .withDatabaseName(PostgreSql.DATABASE)
            .withUsername(PostgreSql.USER)
            .withPassword(PostgreSql.USER);
    container.setPortBindings(List.of("127.0.0.1:%d:5432".formatted(Ports.orFree(port))));
    container.start();
    return new PostgresDocker(container);
  }

  @Override
  public String name() {
    return Server.POSTGRESQL.title();
  }

  @Override
  public String kind() {
    return "docker, postgis: on";
  }

  @Override
  public String address() {
    return container.getJdbcUrl();
  }

  @Override
  public Map<String, String> properties() {
    return Map.of(
        "qanat.postgresql.url", container.getJdbcUrl(),
        "qanat.postgresql.username", container.getUsername(),
        "qanat.postgresql.password", container.getPassword());
  }

  @Override
  public void close() {
    container.stop();
  }
}
