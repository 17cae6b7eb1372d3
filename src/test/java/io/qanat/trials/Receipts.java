package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.qanat.kafka.Position;
import io.qanat.trials.Entry.Outcome;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the hub tells of receipts. */
final class Receipts {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int SAMPLE = 32;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final World world;

  Receipts(World world) {
    this.world = world;
  }

  /** The state of a receipt; the status where the hub does not tell. */
  String state(String receipt) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(world.hub().url().resolve(receipt))
            .timeout(Duration.ofSeconds(10))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    return answer.statusCode() == 200
        ? JSON.readTree(answer.body()).path("state").asText()
        : Integer.toString(answer.statusCode());
  }

  /**
   * The receipts of accepted changes, of some at least, name where the change stands on Kafka, and
   * tell what became of it.
   */
  static void check(World world, Ledger ledger, Balance balance) {
    Receipts receipts = new Receipts(world);
    // All at once, so that they share what the hub asks of Kafka.
    sample(ledger).parallelStream().forEach(entry -> receipts.check(entry, balance));
  }

  private void check(Entry entry, Balance balance) {
    String receipt = Objects.requireNonNull(entry.receipt(), "a 202 without a receipt");
    Change change = entry.change();
    Position at = Position.parse(receipt.replace("/receipts/", "")).orElseThrow();
    assertThat(balance.positions().get(change)).as("where %s stands", change).contains(at);
    await("the receipt of " + change)
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(state(receipt))
                    .isEqualTo(balance.dead().contains(change) ? "dead-lettered" : "delivered"));
  }

  private static List<Entry> sample(Ledger ledger) {
    List<Entry> accepted =
        new ArrayList<>(ledger.entries().stream().filter(e -> e.outcome() == Outcome.OK).toList());
    Collections.shuffle(accepted, new Random(Seed.VALUE));
    return accepted.subList(0, Math.min(SAMPLE, accepted.size()));
  }

  /** Asks for receipts again and again, and keeps every state that was told of any. */
  static final class Watch implements AutoCloseable {
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean enough;

    Watch(World world, List<String> watched) {
      Receipts receipts = new Receipts(world);
      thread =
          new Thread(
              () -> {
                while (!enough) {
                  watched.forEach(receipt -> told.add(ask(receipts, receipt)));
                }
              },
              "receipt-watch");
      thread.start();
    }

    private static String ask(Receipts receipts, String receipt) {
      try {
        return receipts.state(receipt);
      } catch (IOException noAnswer) {
        return "";
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return "";
      }
    }

    /** Every state that was told so far. */
    Set<String> states() {
      return Set.copyOf(told);
    }

    @Override
    public void close() {
      enough = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
