package io.qanat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.qanat.sandbox.Ports;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;
import org.junit.jupiter.api.Test;

/** Reads of records, of each kind: from MongoDB, and from the cache of a hub. */
class ReadBench {
  private static final int WANTED_MS = 20;
  private static final String PAGE = "page";
  private static final JsonWriterSettings EXACT =
      JsonWriterSettings.builder().outputMode(JsonMode.EXTENDED).build();

  private final Records records = new Records(BenchSettings.records());
  private final Reads reads = new Reads(records);
  private final Results results = new Results();
  private final Map<String, CachedCandidate> cached = new LinkedHashMap<>();

  /** A hub that only answers. */
  private record Hub(MeasuredJvm jvm, int port, int managementPort) implements AutoCloseable {
    static Hub start(String name, List<String> shared, String... more) {
      int port = Ports.free();
      int managementPort = Ports.free();
      Stream<String> own =
          Stream.of(
              "--qanat.flows=records",
              "--server.port=" + port,
              "--management.server.port=" + managementPort,
              "--qanat.grpc.port=0");
      List<String> all =
          Stream.of(shared.stream(), own, Stream.of(more)).flatMap(words -> words).toList();
      return new Hub(MeasuredJvm.hub(name, all), port, managementPort);
    }

    void awaitReady() {
      HubClient client = client();
      jvm.await(() -> client.finds("/data?kind=none"));
    }

    HubClient client() {
      return new HubClient(port);
    }

    ClosedLoop load(Supplier<Question> questions) {
      return new ClosedLoop(port, BenchSettings.clients(), questions);
    }

    @Override
    public void close() {
      jvm.close();
    }
  }

  @Test
  void readsEachKindOfRead() throws Exception {
    try (Sandbox sandbox = Sandbox.start(SandboxSettings.forTests(Server.KAFKA));
        DocumentStore store = new DocumentStore(records)) {
      List<String> shared = new ArrayList<>(MeasuredJvm.UNINTERRUPTED);
      shared.add("--qanat.kafka.bootstrap-servers=" + sandbox.kafka().bootstrapServers());
      shared.add("--qanat.mongodb.uri=" + store.uri());
      String newest = deliverOne(shared, store);
      records.insert(store.records());
      assertThat(store.records().countDocuments()).isEqualTo(records.count() + 1);
      measure(shared, newest);
      report(store);
    }
  }

  /** Lets a hub make the indexes and a record, and finds that those made here equal it. */
  private String deliverOne(List<String> shared, DocumentStore store) throws Exception {
    BsonDocument data = Records.data(records.count());
    try (Hub hub = Hub.start("read-deliver", shared, "--qanat.roles=accept,deliver,query")) {
      hub.awaitReady();
      HttpResponse<String> taken = hub.client().post("/data", data.toJson());
      assertThat(taken.statusCode()).as(taken.body()).isEqualTo(202);
      String id = new JsonMapper().readTree(taken.body()).path("id").textValue();
      hub.jvm()
          .await(
              Duration.ofMinutes(1),
              Duration.ofMillis(100),
              () -> hub.client().finds("/data/" + id));
    }
    BsonDocument kept = store.records().find().first();
    assertThat(kept).isNotNull();
    String id = kept.getString("_id").getValue();
    long acceptedAt = kept.getDateTime("added_at").getValue();
    assertThat(Records.document(id, acceptedAt, data).toJson(EXACT)).isEqualTo(kept.toJson(EXACT));
    assertThat(List.of(id, records.id(0)))
        .allSatisfy(each -> assertThat(UUID.fromString(each).version()).isEqualTo(7));
    return id;
  }

  private void measure(List<String> shared, String newest)
      throws IOException, InterruptedException {
    try (Hub plain = Hub.start("read", shared, "--qanat.roles=query", "--spring.cache.type=none");
        Hub caching = Hub.start("read-cache", shared, "--qanat.roles=query")) {
      plain.awaitReady();
      caching.awaitReady();
      List<Candidate> candidates = new ArrayList<>();
      candidates.add(
          new Candidate(
              plain.jvm(), plain.load(reads.any()), results.of("by id, without a cache")));
      candidates.add(cached("by id of 1,000, cached", caching, reads.hot()));
      candidates.add(cached("by id, cached", caching, reads.any()));
      candidates.add(
          cached("by id of 1,000, cached, 304", caching, reads.unchanged(caching.client())));
      candidates.add(cached("by id, unknown, 404", caching, reads.unknown()));
      if (BenchSettings.mongoDb().isPresent()) {
        Map<String, Supplier<Question>> pages = new LinkedHashMap<>();
        pages.put(PAGE + " of the newest", reads.newest(newest));
        pages.put(PAGE + " in the middle", reads.inTheMiddle(plain.client()));
        pages.put(PAGE + " of one kind", reads.ofOneKind());
        pages.forEach(
            (name, page) ->
                candidates.add(new Candidate(plain.jvm(), plain.load(page), results.of(name))));
      }
      Candidate.alternate(candidates);
    }
  }

  private CachedCandidate cached(String name, Hub hub, Supplier<Question> questions) {
    CachedCandidate candidate =
        new CachedCandidate(
            hub.jvm(), hub.load(questions), results.of(name), new HubClient(hub.managementPort()));
    cached.put(name, candidate);
    return candidate;
  }

  private void report(DocumentStore store) throws IOException {
    Report report =
        new Report(
            "Reads at %,d records, %d connections"
                .formatted(records.count(), BenchSettings.clients()));
    results.tell(report, "read");
    cached.forEach(
        (name, candidate) ->
            report.line("Hit rate %s: %.1f %%.".formatted(name, 100 * candidate.hitRate())));
    report.line(store.described());
    List<String> missed =
        results.names().stream()
            .filter(name -> !name.startsWith(PAGE))
            .filter(name -> Round.median(results.of(name)).p99() >= WANTED_MS)
            .toList();
    report.line(
        "Wanted: p99 under %d ms for reads by id; %s."
            .formatted(
                WANTED_MS, missed.isEmpty() ? "met" : "missed: " + String.join("; ", missed)));
    report.write("read.md");
    assertThat(results.names())
        .allSatisfy(name -> assertThat(results.of(name)).hasSize(BenchSettings.rounds()));
    assertThat(cached.get("by id of 1,000, cached").hitRate()).isPositive();
  }
}
