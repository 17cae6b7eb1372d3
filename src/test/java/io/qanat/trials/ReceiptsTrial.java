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
import org.junit.jupiter.api.DisplayName;
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

  @EachFlow
  @DisplayName("a receipt while Kafka is frozen")
  void saysThatKafkaIsAwayAndTellsWhatBecameOfTheEventOnceItIsBack(TrialFlow flow, World world)
      throws Exception {
    flow.refuseService(world);
    HttpResponse<String> accepted = http.send(change(world, flow).build(), BodyHandlers.ofString());
    assertThat(accepted.statusCode()).isEqualTo(flow.acceptedStatus());
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

    flow.recover(world);
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> get(world, receipt).body().contains("\"state\":\"delivered\""));
  }

  @EachFlow
  @DisplayName("callers wait while the hub stops")
  void answersWaitingCallersAtOnceWhenTheHubStops(TrialFlow flow, World world) throws Exception {
    flow.refuseService(world);
    long asked = System.nanoTime();
    var waiting =
        http.sendAsync(
                change(world, flow).header("Prefer", "wait=30").build(), BodyHandlers.ofString())
            .thenApply(answer -> Map.entry(answer, Duration.ofNanos(System.nanoTime() - asked)));
    await().atMost(Duration.ofSeconds(20)).until(() -> flow.struck(world));
    assertThat(waiting).isNotDone();

    world.hub().stop(Duration.ofSeconds(60));

    HttpResponse<String> answer = waiting.get(1, TimeUnit.MINUTES).getKey();
    assertThat(answer.statusCode()).isEqualTo(flow.acceptedStatus());
    assertThat(answer.headers().firstValue("Location")).isPresent();
    assertThat(waiting.get().getValue()).isLessThan(Duration.ofSeconds(30));
  }

  private static HttpRequest.Builder change(World world, TrialFlow flow) {
    Change change = new Change("receipt-" + UUID.randomUUID(), 0);
    return HttpRequest.newBuilder(world.hub().url().resolve(flow.path()))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(flow.body(change, Seed.random(change.key()))));
  }

  private HttpResponse<String> get(World world, String path)
      throws IOException, InterruptedException {
    URI uri = world.hub().url().resolve(path);
    return http.send(
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30)).build(),
        BodyHandlers.ofString());
  }
}
