package io.qanat.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.qanat.sandbox.Ports;
import io.qanat.sandbox.Redis;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The environment that compose.yaml gives the hub is all that it needs: the packaged hub starts
 * with it, and with nothing else but other ports, and delivers.
 */
class ComposeIT {
  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void startsAndDeliversWithTheEnvironmentOfTheComposeFile() throws Exception {
    int port = Ports.free();
    int management = Ports.free();
    Path log = folder.resolve("hub.log");
    try (Sandbox sandbox =
            Sandbox.start(
                SandboxSettings.forTests(
                    Server.KAFKA, Server.MONGODB, Server.POSTGRESQL, Server.SALESFORCE));
        Redis redis = Redis.start(folder.resolve("redis"))) {
      ProcessBuilder command =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx384m",
                  "-XX:TieredStopAtLevel=1",
                  "-jar",
                  System.getProperty("qanat.jar", "target/qanat.jar"))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      environment(sandbox, redis).forEach(command.environment()::put);
      command.environment().put("SERVER_PORT", Integer.toString(port));
      command.environment().put("MANAGEMENT_SERVER_PORT", Integer.toString(management));
      command.environment().put("QANAT_GRPC_PORT", Integer.toString(Ports.free()));
      Process hub = command.start();
      try {
        await("the hub is ready, see " + log)
            .atMost(Duration.ofMinutes(5))
            .failFast("the hub has ended", () -> !hub.isAlive())
            .ignoreExceptions()
            .until(() -> get(management, "/actuator/health/readiness").statusCode() == 200);

        assertThat(post(port, "{\"externalId\":\"c-1\",\"lastName\":\"Lovelace\"}"))
            .contains("\"state\":\"delivered\"");
        assertThat(get(port, "/purchases?userid=1").statusCode()).isEqualTo(200);
        assertThat(get(port, "/api/persons").statusCode()).isEqualTo(200);
      } finally {
        hub.destroyForcibly().waitFor();
      }
    }
  }

  /** What compose.yaml says, with the places of this machine's servers. */
  private static Map<String, String> environment(Sandbox sandbox, Redis redis) throws IOException {
    Map<String, String> servers = new HashMap<>();
    Map<String, String> found = sandbox.properties();
    servers.put("kafka:19092", found.get("qanat.kafka.bootstrap-servers"));
    servers.put("mongodb://mongodb:27017/qanat", found.get("qanat.mongodb.uri"));
    servers.put("jdbc:postgresql://postgis:5432/qanat", found.get("qanat.postgresql.url"));
    servers.put("http://salesforce:8089", found.get("qanat.salesforce.login-url"));
    servers.put("redis://redis:6379", redis.properties().get("spring.data.redis.url"));
    Map<String, String> environment = new HashMap<>();
    JsonNode compose =
        new ObjectMapper(new YAMLFactory()).readTree(Path.of("compose.yaml").toFile());
    for (Map.Entry<String, JsonNode> variable :
        compose.at("/services/hub/environment").properties()) {
      String value = variable.getValue().asText();
      String here = servers.remove(value);
      environment.put(variable.getKey(), here == null ? value : here);
    }
    assertThat(servers).as("servers that compose.yaml does not name").isEmpty();
    return environment;
  }

  private HttpResponse<String> get(int port, String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
        BodyHandlers.ofString());
  }

  private String post(int port, String contact) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/contacts"))
            .header("Content-Type", "application/json")
            .header("Prefer", "wait=30")
            .POST(BodyPublishers.ofString(contact))
            .build();
    return http.send(request, BodyHandlers.ofString()).body();
  }
}
