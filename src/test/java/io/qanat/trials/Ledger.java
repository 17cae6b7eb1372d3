package io.qanat.trials;

import io.qanat.trials.Entry.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that writes down what the hub answered for each change that it posts: the truth that a
 * trial compares the systems with. A third of the changes are of things that it posted before; it
 * posts the changes of one thing one after the other, and no more once one is without an answer.
 */
final class Ledger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);

  /** Stands in every body; the hub's log must not hold it. */
  static final String PRIVATE = "Nobody-Logs-This";

  /** How keys end that are e-mail addresses; the hub's log must not hold them. */
  static final String MAIL = "@example.com";

  /** The header that makes it safe to post again what was not answered. */
  static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final long SYNC_EVERY = 100;
  private static final double AGAIN = 1.0 / 3;

  private final TrialFlow flow;
  private final URI url;
  private final String run;
  private final Start start;
  private final FileChannel file;
  private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
  private final AtomicInteger sequence = new AtomicInteger();
  private final AtomicInteger things = new AtomicInteger();
  private final AtomicInteger posters = new AtomicInteger();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private long unsynced;

  /**
   * How things were when the ledger began.
   *
   * @param hubStarts how often the hub had been started
   * @param counted how many events the hub had counted as settled for each sink
   * @param records how many records the flow's topic held
   * @param logged how long the hub's log was
   */
  record Start(int hubStarts, Map<String, Double> counted, long records, int logged) {}

  Ledger(World world, TrialFlow flow, String name) throws Exception {
    this.flow = flow;
    this.url = world.hub().url().resolve(flow.path());
    this.run = world.begin(this, name);
    this.start =
        new Start(
            world.hub().starts(),
            world.hub().settled(flow),
            world.kafka().records(flow.topic()),
            world.hub().log().length());
    Path path = Path.of("target", "trials", run + ".ledger");
    Files.createDirectories(path.getParent());
    file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
  }

  /** The flow that it posts to. */
  TrialFlow flow() {
    return flow;
  }

  /** How things were when it began. */
  Start start() {
    return start;
  }

  /** Posts so many changes with so many threads, and returns when all are answered. */
  void post(int count, int threads) {
    postUntil(count, threads, false, () -> false).join();
  }

  /**
   * Posts changes until there are enough or it is told to stop.
   *
   * @param insist whether a change is posted again when nothing listens, or the answer is 503, as
   *     while the hub starts
   */
  CompletableFuture<Void> postUntil(int count, int threads, boolean insist, BooleanSupplier stop) {
    AtomicInteger left = new AtomicInteger(count);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CompletableFuture<?>[] done = new CompletableFuture<?>[threads];
    for (int i = 0; i < threads; i++) {
      Random random = Seed.random(run + posters.getAndIncrement());
      done[i] = CompletableFuture.runAsync(() -> postSome(left, random, insist, stop), pool);
    }
    return CompletableFuture.allOf(done).whenComplete((ok, failure) -> pool.shutdown());
  }

  private void postSome(AtomicInteger left, Random random, boolean insist, BooleanSupplier stop) {
    String latest = null;
    while (!stop.getAsBoolean() && left.getAndDecrement() > 0) {
      String key =
          latest != null && random.nextDouble() < AGAIN
              ? latest
              : flow.key(run, things.getAndIncrement());
      Change change = next(key);
      Entry entry = send(change, request("", flow.body(change, random)), insist, stop);
      latest = entry.outcome() == Outcome.OK ? key : null;
    }
  }

  /** A key of this ledger's, for a thing of the trial's own making. */
  String key(String suffix) {
    return run + "-" + suffix;
  }

  /** The next change of a thing, to be made into a body and posted. */
  Change next(String key) {
    return new Change(key, sequence.getAndIncrement());
  }

  /** Posts a change with a body of the trial's own making. */
  Entry post(Change change, String json) {
    return send(change, request("", json));
  }

  /** The request that posts a change. */
  HttpRequest.Builder request(String query, String json) {
    return HttpRequest.newBuilder(URI.create(url + query))
        .header("Content-Type", "application/json")
        .timeout(TIMEOUT)
        .POST(BodyPublishers.ofString(json));
  }

  /** Posts a change with a request of the trial's own making. */
  Entry send(Change change, HttpRequest.Builder request) {
    return send(change, request, false, () -> true);
  }

  /**
   * Posts a change again and again until the hub answers with anything but 503; and, if the request
   * has an Idempotency-Key, also when it does not answer.
   */
  Entry insist(Change change, HttpRequest.Builder request) {
    return send(change, request, true, () -> false);
  }

  private Entry send(
      Change change, HttpRequest.Builder builder, boolean insist, BooleanSupplier stop) {
    HttpRequest request = builder.build();
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    for (int posts = 1; ; posts++) {
      Instant sent = Instant.now();
      long begin = System.nanoTime();
      boolean last = !insist || stop.getAsBoolean() || begin > giveUp;
      try {
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() / 100 == 4) {
          LOG.info("refused with {}: {}", response.statusCode(), response.body());
        }
        if (response.statusCode() != 503 || last) {
          return write(change, response, posts, sent, begin);
        }
        pause();
      } catch (ConnectException nothingListens) {
        if (last) {
          // Nothing of it was sent; whether an earlier post of it arrived is not known.
          Outcome outcome = posts == 1 ? Outcome.FAIL : Outcome.UNKNOWN;
          pause();
          return write(new Entry(change, outcome, 0, null, false, posts, sent, 0));
        }
        pause();
      } catch (IOException noAnswer) {
        if (last || request.headers().firstValue(IDEMPOTENCY_KEY).isEmpty()) {
          return write(change, null, posts, sent, begin);
        }
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(250);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException(e);
  }

  /** Takes down what came of a change that went another way than HTTP. */
  Entry note(Change change, Outcome outcome, @Nullable String receipt) {
    return write(new Entry(change, outcome, 0, receipt, false, 1, Instant.now(), 0));
  }

  private Entry write(
      Change change, @Nullable HttpResponse<?> response, int posts, Instant sent, long begin) {
    int status = response == null ? 0 : response.statusCode();
    return write(
        new Entry(
            change,
            Outcome.of(status),
            status,
            response == null ? null : response.headers().firstValue("Location").orElse(null),
            response != null && response.headers().firstValue("Retry-After").isPresent(),
            posts,
            sent,
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)));
  }

  private synchronized Entry write(Entry entry) {
    entries.add(entry);
    try {
      file.write(ByteBuffer.wrap(entry.line().getBytes(StandardCharsets.UTF_8)));
      // A sync for each line would make the client the bottleneck; this JVM is not what is killed.
      if (++unsynced % SYNC_EVERY == 0) {
        file.force(false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entry;
  }

  /** What was posted so far. */
  List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** The changes with this outcome. */
  Set<Change> changes(Outcome outcome) {
    return entries.stream()
        .filter(e -> e.outcome() == outcome)
        .map(Entry::change)
        .collect(Collectors.toSet());
  }

  /** The statuses of all answers. */
  Set<Integer> statuses() {
    return entries.stream().map(Entry::status).collect(Collectors.toSet());
  }

  /** How many changes the hub has accepted. */
  long accepted() {
    return entries.stream().filter(e -> e.outcome() == Outcome.OK).count();
  }

  /** Whether a record is of a change of this ledger. */
  boolean owns(ConsumerRecord<byte[], byte[]> record) {
    return owns(flow.change(record).key());
  }

  /** Whether a key is of this ledger. */
  boolean owns(String key) {
    return key.startsWith(run + "-");
  }

  @Override
  public void close() {
    try (file) {
      file.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
