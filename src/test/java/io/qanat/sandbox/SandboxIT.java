package io.qanat.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxIT {
  @TempDir private Path folder;

  @Test
  void tellsTheHubWhereEverythingIs() {
    SandboxSettings settings =
        SandboxSettings.forTests(Server.values())
            .with("kafka.bootstrap-servers", "kafka.example.com:9092")
            .with("mongodb.uri", "mongodb://mongo.example.com/qanat")
            .with("postgresql.url", "jdbc:postgresql://postgres.example.com/qanat")
            .with("postgresql.username", "hub");
    try (Sandbox sandbox = Sandbox.start(settings)) {
      assertThat(sandbox.properties())
          .containsEntry("qanat.kafka.bootstrap-servers", "kafka.example.com:9092")
          .containsEntry("qanat.mongodb.uri", "mongodb://mongo.example.com/qanat")
          .containsEntry("qanat.postgresql.url", "jdbc:postgresql://postgres.example.com/qanat")
          .containsEntry("qanat.postgresql.username", "hub")
          .containsEntry("qanat.salesforce.login-url", sandbox.salesforce().url().toString());
      assertThat(sandbox.servers())
          .extracting(SandboxServer::kind)
          .containsExactlyInAnyOrder("configured", "configured", "configured", "stand-in");
      assertThatThrownBy(sandbox::kafka).hasMessageContaining("configured");
    }
  }

  @Test
  void startsOnlyWhatIsAskedFor() {
    try (Sandbox sandbox = Sandbox.start(SandboxSettings.forTests(Server.SALESFORCE))) {
      assertThat(sandbox.servers()).extracting(SandboxServer::name).containsExactly("Salesforce");
    }
  }

  @Test
  void wipesWhatTheServersKeptAndNothingElse() throws IOException {
    SandboxSettings settings = SandboxSettings.in(folder, Server.SALESFORCE);
    Path kept = Files.writeString(folder.resolve("mine.txt"), "mine");
    Path log = Files.createDirectories(settings.folder(Server.KAFKA)).resolve("records");
    Files.writeString(log, "old");

    Sandbox.start(settings).close();
    assertThat(log).exists();

    Sandbox.start(settings.with("wipe", "true")).close();
    assertThat(log).doesNotExist();
    assertThat(kept).exists();
  }

  @Test
  void wipesWhatPostgreSqlKeepsElsewhere() throws IOException {
    SandboxSettings settings = SandboxSettings.in(folder, Server.POSTGRESQL);
    Sandbox.start(settings).close();
    Path home = PostgresHome.find(settings.folder(Server.POSTGRESQL));
    assertThat(home).isNotEmptyDirectory();

    try (SandboxFolder taken = SandboxFolder.take(folder)) {
      taken.wipe();
    }

    assertThat(home).doesNotExist();
  }

  @Test
  void refusesAFolderThatAnotherSandboxHas() {
    SandboxSettings settings = SandboxSettings.in(folder, Server.SALESFORCE);
    try (Sandbox first = Sandbox.start(settings)) {
      assertThat(first.servers()).hasSize(1);
      assertThatThrownBy(() -> Sandbox.start(settings))
          .isInstanceOf(SandboxException.class)
          .hasMessageContaining("another sandbox")
          .hasMessageContaining("-Dqanat.sandbox.folder=");
    }
  }
}
