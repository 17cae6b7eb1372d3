package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Customers who each place an order, until the hub takes it, and then may cancel it, twice at once,
 * or confirm it and cancel it; what the hub answered is written down.
 */
final class Shoppers implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private static final NoArgGenerator IDS = Generators.timeBasedEpochRandomGenerator();

  private final URI url;
  private final List<Shopper> all = new ArrayList<>();
  private final AtomicInteger placed = new AtomicInteger();
  private final Map<String, AtomicInteger> answers = new ConcurrentSkipListMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Future<?>> running = new ArrayList<>();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Shoppers(URI hub, int count) {
    url = hub.resolve("/orders");
    Random random = Seed.random("shoppers");
    for (int n = 0; n < count; n++) {
      all.add(new Shopper(n, random.nextInt(10) < 7, random.nextInt(4)));
    }
  }

  /** One customer: what it orders, what it does then, and what it was told. */
  static final class Shopper {
    private final int number;
    private final boolean paid;
    private final int habit;
    private final Map<String, List<Integer>> told = new ConcurrentHashMap<>();
    // A UUIDv7, as the hub would give: an order of such an id is waited for while it is fresh.
    private @Nullable String key;
    private volatile @Nullable String order;

    Shopper(int number, boolean paid, int habit) {
      this.number = number;
      this.paid = paid;
      this.habit = habit;
    }

    /** The id of its order, once it is placed. */
    @Nullable String order() {
      return order;
    }

    /** Whether the provider takes its money. */
    boolean paid() {
      return paid;
    }

    /** Checks what it was told against what its order is in the end. */
    void says(String status) {
      told.forEach(
          (wanted, answers) -> {
            for (int answer : answers) {
              if (answer == 200) {
                assertThat(status).as("%s was told that it is %s", this, wanted).isEqualTo(wanted);
              } else if (answer == 409 && wanted.equals("Cancelled")) {
                assertThat(status).as("%s was refused %s", this, wanted).isNotEqualTo(wanted);
              } else {
                // A 409 to Confirmed may be for now only.
                assertThat(answer).as("the answer to %s", this).isIn(0, 202, 404, 409, 503);
              }
            }
          });
    }

    @Override
    public String toString() {
      return "customer %d of order %s, told %s".formatted(number, order, told);
    }
  }

  /** Lets them begin, so many at a time. */
  void begin(int atOnce) {
    AtomicInteger next = new AtomicInteger();
    for (int i = 0; i < atOnce; i++) {
      running.add(
          threads.submit(
              () -> {
                for (int n = next.getAndIncrement(); n < all.size(); n = next.getAndIncrement()) {
                  shop(all.get(n));
                }
                return null;
              }));
    }
  }

  /** Waits until all are through. */
  void join() throws Exception {
    for (Future<?> each : running) {
      each.get(15, TimeUnit.MINUTES);
    }
  }

  /** How many orders the hub has taken. */
  int placed() {
    return placed.get();
  }

  /** All customers. */
  List<Shopper> all() {
    return all;
  }

  /** How often each was answered. */
  Map<String, AtomicInteger> answers() {
    return answers;
  }

  private void shop(Shopper shopper) throws Exception {
    place(shopper);
    while (shopper.order == null) {
      new CompletableFuture<Void>().completeOnTimeout(null, 200, TimeUnit.MILLISECONDS).join();
      place(shopper);
    }
    placed.incrementAndGet();
    switch (shopper.habit) {
      case 0 -> change(shopper, "Cancelled");
      case 1 -> {
        Future<?> other = threads.submit(() -> change(shopper, "Cancelled"));
        change(shopper, "Cancelled");
        other.get();
      }
      case 2 -> {
        Future<?> other = threads.submit(() -> change(shopper, "Confirmed"));
        change(shopper, "Cancelled");
        other.get();
        change(shopper, "Confirmed");
      }
      default -> {
        // Waits for its order.
      }
    }
  }

  private void place(Shopper shopper) throws Exception {
    if (shopper.key == null) {
      shopper.key = IDS.generate().toString();
    }
    HttpResponse<String> answer =
        send(
            "POST",
            "{\"userId\":\"u-%d\",\"productId\":\"%d\",\"productName\":\"Well\",\"totalOrderAmount\":%d}"
                .formatted(shopper.number % 100, shopper.paid ? 1 : 2, shopper.number),
            shopper.key);
    count("POST", answer);
    if (answer != null && answer.statusCode() == 201) {
      shopper.order = JSON.readTree(answer.body()).at("/created/id").asText();
    }
  }

  private void change(Shopper shopper, String status) {
    HttpResponse<String> answer =
        send(
            "PUT",
            "{\"orderId\":\"%s\",\"orderStatus\":\"%s\"}".formatted(shopper.order, status),
            null);
    count("PUT", answer);
    shopper
        .told
        .computeIfAbsent(status, s -> new CopyOnWriteArrayList<>())
        .add(answer == null ? 0 : answer.statusCode());
  }

  private void count(String method, @Nullable HttpResponse<String> answer) {
    String what = method + " " + (answer == null ? "nothing" : answer.statusCode());
    answers.computeIfAbsent(what, w -> new AtomicInteger()).incrementAndGet();
  }

  /** Null if there was no answer. */
  private @Nullable HttpResponse<String> send(String method, String body, @Nullable String key) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body));
    if (key != null) {
      request.header(Ledger.IDEMPOTENCY_KEY, key);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
