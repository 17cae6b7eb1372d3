package io.qanat.sandbox;

import java.nio.file.Path;
import java.util.Optional;

/** Takes the first PostgreSQL that this machine can run. */
final class PostgresChoice {
  private PostgresChoice() {}

  /**
   * Starts it.
   *
   * @param kind {@code system}, {@code docker} or {@code embedded} to have that one, else any
   */
  static SandboxServer start(Path folder, int port, Optional<String> kind) {
    boolean any = kind.isEmpty();
    boolean system = any || kind.get().equals("system");
    if (system) {
      Optional<PostgresBinaries> complete = PostgresBinaries.system(true);
      if (complete.isPresent()) {
        return run(complete.get(), folder, port);
      }
    }
    if ((any || kind.get().equals("docker")) && PostgresDocker.isAvailable()) {
      return PostgresDocker.start(port);
    }
    if (system) {
      Optional<PostgresBinaries> plain = PostgresBinaries.system(false);
      if (plain.isPresent()) {
        return run(plain.get(), folder, port);
      }
    }
    if (any || kind.get().equals("embedded")) {
      PostgresHome home = PostgresHome.prepare(folder);
      Optional<PostgresBinaries> packed = PostgresBinaries.embedded(home.folder());
      if (packed.isPresent()) {
        return PostgreSql.start(packed.get(), home, folder, port);
      }
    }
    throw new SandboxException(
        "No PostgreSQL for this machine: install it, or name one with -D%s%s=jdbc:postgresql://..."
            .formatted(SandboxSettings.PREFIX, Server.POSTGRESQL.addressOption()));
  }

  private static SandboxServer run(PostgresBinaries binaries, Path folder, int port) {
    return PostgreSql.start(binaries, PostgresHome.prepare(folder), folder, port);
  }
}
