package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whoever was given a 202 can ask what became of the event, and is told so when nobody can tell.
 *
 * <p>Protections: the questions to Kafka have one bound together ({@code LaneOffsets}); what Kafka
 * does not answer is no state of the event ({@code Receipts}).
 */
@ExtendWith(World.Shared.class)
class ReceiptsTrial {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Test
  void saysThatKafkaIsAwayAndTellsWhatBecameOfTheEventOnceItIsBack(World world) throws Exception {
    world.salesforce().fault("{\"path\":\"composite/sobjects\",\"kind\":\"unavailable\"}");
    HttpResponse<String> accepted = post(world, null);
    assertThat(accepted.statusCode()).isEqualTo(202);
    String receipt = accepted.headers().firstValue("Location").orElseThrow();
    assertThat(get(world, receipt).body()).contains("\"state\":\"waiting\"");

    world.broker().pause();
    try {
      HttpResponse<String> away = get(world, receipt);
      assertThat(away.statusCode()).isEqualTo(503);
      assertThat(away.headers().firstValue("Retry-After")).isPresent();
      assertThat(away.body()).contains("Kafka does not answer");
    } finally {
      world.broker().resume();
    }

    world.salesforce().calmDown();
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> get(world, receipt).body().contains("\"state\":\"delivered\""));
  }

  @Test
  void answersWaitingCallersAtOnceWhenTheHubStops(World world) throws Exception {
    world.salesforce().fault("{\"path\":\"composite/sobjects\",\"kind\":\"unavailable\"}");
    long asked = System.nanoTime();
    var waiting =
        http.sendAsync(contact(world, "wait=30"), BodyHandlers.ofString())
            .thenApply(answer -> Map.entry(answer, Duration.ofNanos(System.nanoTime() - asked)));
    await().atMost(Duration.ofSeconds(20)).until(() -> world.salesforce().strikes() > 0);
    assertThat(waiting).isNotDone();

    world.hub().stop(Duration.ofSeconds(60));

    HttpResponse<String> answer = waiting.get(1, TimeUnit.MINUTES).getKey();
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(answer.headers().firstValue("Location")).isPresent();
    assertThat(waiting.get().getValue()).isLessThan(Duration.ofSeconds(30));
  }

  private HttpResponse<String> post(World world, @Nullable String prefer)
      throws IOException, InterruptedException {
    return http.send(contact(world, prefer), BodyHandlers.ofString());
  }

  private static HttpRequest contact(World world, @Nullable String prefer) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(world.hub().url().resolve("/contacts"))
            .header("Content-Type", "application/json")
            .POST(
                BodyPublishers.ofString(
                    "{\"externalId\":\"receipt-%s\",\"lastName\":\"Lovelace\"}"
                        .formatted(UUID.randomUUID())));
    return (prefer == null ? request : request.header("Prefer", prefer)).build();
  }

  private HttpResponse<String> get(World world, String path)
      throws IOException, InterruptedException {
    URI uri = world.hub().url().resolve(path);
    return http.send(
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build(),
        BodyHandlers.ofString());
  }
}
