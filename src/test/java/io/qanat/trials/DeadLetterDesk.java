package io.qanat.trials;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** The dead letters as an operator of the hub sees and handles them. */
final class DeadLetterDesk {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration SOON = Duration.ofMinutes(1);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final World world;

  DeadLetterDesk(World world) {
    this.world = world;
  }

  /** A dead letter; without members as long as the hub does not know it. */
  JsonNode get(String id) {
    HttpResponse<String> answer = call("GET", "/dead-letters/" + id, "");
    return answer.statusCode() == 200 ? json(answer) : JSON.createObjectNode();
  }

  /** Waits until a dead letter is in a state. */
  void awaitState(String id, String state) {
    await(id + " is " + state)
        .atMost(SOON)
        .until(() -> get(id).path("state").asText().equals(state));
  }

  /** Redrives dead letters, waits until the redrive has ended, and tells how. */
  JsonNode redrive(List<String> ids, boolean force) {
    ObjectNode body = JSON.createObjectNode().put("force", force);
    ids.forEach(body.putArray("ids")::add);
    HttpResponse<String> begun = call("POST", "/dead-letters/redrive", body.toString());
    if (begun.statusCode() != 202) {
      throw new AssertionError("Redrive: " + begun.statusCode() + " " + begun.body());
    }
    String job = begun.headers().firstValue("Location").orElseThrow();
    await("the redrive ends")
        .atMost(SOON)
        .until(() -> !json(call("GET", job, "")).path("state").asText().equals("running"));
    return json(call("GET", job, ""));
  }

  private HttpResponse<String> call(String method, String path, String body) {
    String user = World.OPERATOR + ":" + World.SECRET;
    HttpRequest request =
        HttpRequest.newBuilder(world.hub().url().resolve(path))
            .header("Content-Type", "application/json")
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)))
            .timeout(Duration.ofSeconds(20))
            .method(method, BodyPublishers.ofString(body))
            .build();
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode json(HttpResponse<String> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError(answer.body(), e);
    }
  }
}
