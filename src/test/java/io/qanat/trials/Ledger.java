package io.qanat.trials;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that writes down what the hub answered for each contact: the truth that a trial compares
 * the systems with. Every fourth contact is known by its e-mail address only, if asked for.
 */
final class Ledger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final long SYNC_EVERY = 100;

  /** What the client knows of a contact. */
  enum Outcome {
    /** The hub has it: it must arrive. */
    OK,
    /** The hub refused it, or never saw it: it must not arrive. */
    FAIL,
    /** No answer, or a failure of the server's: it may arrive, once. */
    UNKNOWN
  }

  /**
   * One posted contact.
   *
   * @param key what identifies it
   * @param seq its number
   * @param status the HTTP status; 0 when there was no answer
   * @param retryAfter whether the answer said when to try again
   * @param sent when it was posted
   * @param millis how long the answer took
   */
  record Entry(
      String key,
      int seq,
      Outcome outcome,
      int status,
      boolean retryAfter,
      Instant sent,
      long millis) {}

  private final URI url;
  private final String run;
  private final boolean byEmailToo;
  private final FileChannel file;
  private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
  private final AtomicInteger sequence = new AtomicInteger();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Random random;
  private long unsynced;

  Ledger(HubProcess hub, String name, boolean byEmailToo) {
    long seed = Long.getLong("qanat.trials.seed", System.nanoTime());
    LOG.info("{}: seed {} (-Dqanat.trials.seed=<seed> repeats it)", name, seed);
    this.random = new Random(seed);
    this.url = hub.url();
    this.run = "%s-%s".formatted(name, Long.toString(random.nextLong() >>> 24, 36));
    this.byEmailToo = byEmailToo;
    Path path = Path.of("target", "trials", run + ".ledger");
    try {
      Files.createDirectories(path.getParent());
      file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Posts so many contacts with so many threads, and returns when all are answered. */
  void post(int count, int threads) {
    postUntil(count, threads, false, () -> false).join();
  }

  /**
   * Posts contacts until there are enough or it is told to stop.
   *
   * @param insist whether a contact is posted again when nothing listens, or the answer is 503, as
   *     while the hub starts
   */
  CompletableFuture<Void> postUntil(int count, int threads, boolean insist, BooleanSupplier stop) {
    int end = sequence.get() + count;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CompletableFuture<?>[] posters = new CompletableFuture<?>[threads];
    for (int i = 0; i < threads; i++) {
      posters[i] = CompletableFuture.runAsync(() -> postSome(end, insist, stop), pool);
    }
    return CompletableFuture.allOf(posters).whenComplete((done, failure) -> pool.shutdown());
  }

  private void postSome(int end, boolean insist, BooleanSupplier stop) {
    while (!stop.getAsBoolean()) {
      int seq = sequence.getAndIncrement();
      if (seq >= end) {
        return;
      }
      if (byEmailToo && seq % 4 == 3) {
        String key = run + "-" + seq + "@example.com";
        send(key, seq, request("", body("\"email\":\"%s\"".formatted(key), seq)), insist, stop);
      } else {
        String key = run + "-" + seq;
        send(
            key, seq, request("", body("\"externalId\":\"%s\"".formatted(key), seq)), insist, stop);
      }
    }
  }

  private synchronized String body(String identity, int seq) {
    return """
        {%s,"firstName":"Ada %s","lastName":"Lovelace","title":"seq:%d"}"""
        .formatted(identity, Integer.toString(random.nextInt(), 36), seq);
  }

  /** A key of this ledger's, for a contact of the trial's own making. */
  String key(String suffix) {
    return run + "-" + suffix;
  }

  /** A contact of the trial's own making, to be posted with a key of this ledger's. */
  Entry post(String key, String json) {
    return send(key, request("", json));
  }

  /** The request that posts a contact. */
  HttpRequest.Builder request(String query, String json) {
    return HttpRequest.newBuilder(URI.create(url + "/contacts" + query))
        .header("Content-Type", "application/json")
        .timeout(TIMEOUT)
        .POST(BodyPublishers.ofString(json));
  }

  /** Posts a contact of the trial's own making with a request of its own making. */
  Entry send(String key, HttpRequest.Builder request) {
    return send(key, sequence.getAndIncrement(), request, false, () -> true);
  }

  private Entry send(
      String key, int seq, HttpRequest.Builder builder, boolean insist, BooleanSupplier stop) {
    HttpRequest request = builder.build();
    Instant sent = Instant.now();
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      long start = System.nanoTime();
      try {
        HttpResponse<Void> response = http.send(request, BodyHandlers.discarding());
        if (response.statusCode() != 503
            || !insist
            || stop.getAsBoolean()
            || System.nanoTime() > giveUp) {
          boolean retryAfter = response.headers().firstValue("Retry-After").isPresent();
          return write(key, seq, response.statusCode(), retryAfter, sent, start);
        }
        pause();
      } catch (ConnectException nothingListens) {
        if (!insist || stop.getAsBoolean() || System.nanoTime() > giveUp) {
          return write(new Entry(key, seq, Outcome.FAIL, 0, false, sent, 0));
        }
        pause();
      } catch (IOException noAnswer) {
        return write(key, seq, 0, false, sent, start);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(250);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Entry write(
      String key, int seq, int status, boolean retryAfter, Instant sent, long startNanos) {
    Outcome outcome =
        switch (status / 100) {
          case 2 -> Outcome.OK;
          case 3, 4 -> Outcome.FAIL;
          default -> Outcome.UNKNOWN;
        };
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    return write(new Entry(key, seq, outcome, status, retryAfter, sent, millis));
  }

  private synchronized Entry write(Entry entry) {
    entries.add(entry);
    String line =
        "%s,%d,%s,%s,%d,%d%n"
            .formatted(
                entry.key(),
                entry.seq(),
                entry.sent(),
                entry.outcome(),
                entry.status(),
                entry.millis());
    try {
      file.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
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

  /** The keys of the contacts with this outcome. */
  Set<String> keys(Outcome outcome) {
    return entries.stream()
        .filter(e -> e.outcome() == outcome)
        .map(Entry::key)
        .collect(Collectors.toSet());
  }

  /** How many contacts the hub has accepted. */
  long accepted() {
    return entries.stream().filter(e -> e.outcome() == Outcome.OK).count();
  }

  /** Whether a key is of this ledger. */
  boolean owns(String key) {
    return key.startsWith(run);
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
