package io.qanat.bench;

import static com.mongodb.client.model.Filters.in;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import io.qanat.sandbox.Ports;
import io.qanat.sandbox.Sandbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * The collection of the flow records, in a database of its own: on a real MongoDB, or else on a
 * server that speaks its protocol and keeps its documents in memory.
 */
final class DocumentStore implements Race.Store, AutoCloseable {
  /** The collection. */
  static final String COLLECTION = "records";

  private static final int SAMPLES = 1_000;

  /** A URI's servers, database and options. */
  private static final String PARTS = "(mongodb(?:\\+srv)?://[^/?]+)(?:/[^?]*)?(\\?.*)?";

  private final Records expected;
  private final @Nullable MeasuredJvm server;
  private final String uri;
  private final MongoClient client;
  private final MongoDatabase database;

  /**
   * A store without documents.
   *
   * @param expected what is to come
   */
  DocumentStore(Records expected) {
    this.expected = expected;
    String name = "qanat-bench-" + UUID.randomUUID();
    int port = Ports.free();
    server = BenchSettings.mongoDb().isPresent() ? null : inMemory(port);
    uri =
        BenchSettings.mongoDb()
            .orElse("mongodb://127.0.0.1:" + port)
            .replaceFirst("^" + PARTS + "$", "$1/" + name + "$2");
    client = MongoClients.create(uri);
    database = client.getDatabase(name);
  }

  private static MeasuredJvm inMemory(int port) {
    return MeasuredJvm.main(
        "mongodb",
        Sandbox.serverClassPath(),
        "io.qanat.sandbox.child.MongoDbChild",
        List.of("-Xms6g", "-Xmx6g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
        List.of("", Integer.toString(port)));
  }

  /** Where clients find it; the database is named. */
  String uri() {
    return uri;
  }

  /** The database. */
  String database() {
    return database.getName();
  }

  /** Deletes every document and every index. */
  void reset() {
    database.drop();
  }

  @Override
  public long count() {
    return records().estimatedDocumentCount();
  }

  @Override
  public void awaitFirst(MeasuredJvm jvm) {
    await(1, jvm);
  }

  @Override
  public void await(double part, MeasuredJvm jvm) {
    await((long) (expected.count() * part), jvm);
  }

  private void await(long wanted, MeasuredJvm jvm) {
    jvm.await(Duration.ofMinutes(30), Duration.ofMillis(20), () -> count() >= wanted);
  }

  @Override
  public Duration cpu() {
    return server == null ? Duration.ZERO : server.cpu();
  }

  /** All documents are there, and each of a sample is what it must be. */
  void check(String by) {
    assertThat(records().countDocuments()).as("documents by %s", by).isEqualTo(expected.count());
    int every = Math.max(1, expected.count() / SAMPLES);
    Map<Object, BsonDocument> sample =
        IntStream.iterate(0, i -> i < expected.count(), i -> i + every)
            .mapToObj(expected::document)
            .collect(Collectors.toMap(d -> d.get("_id"), Function.identity()));
    Map<Object, BsonDocument> found =
        records().find(in("_id", sample.keySet())).into(new ArrayList<>()).stream()
            .collect(Collectors.toMap(d -> d.get("_id"), Function.identity()));
    assertThat(found).as("a sample of the documents by %s", by).isEqualTo(sample);
  }

  MongoCollection<BsonDocument> records() {
    return database.getCollection(COLLECTION, BsonDocument.class);
  }

  /** The server, and the indexes that the records have. */
  String described() {
    Document built = database.runCommand(new Document("buildInfo", 1));
    List<String> keys = new ArrayList<>();
    records().listIndexes().forEach(index -> keys.add(index.get("key", Document.class).toJson()));
    return "%s %s; indexes of the records: %s."
        .formatted(
            server == null ? "MongoDB" : "A server in memory, as MongoDB",
            Objects.requireNonNull(built.getString("version")),
            String.join(", ", keys));
  }

  @Override
  public void close() {
    try {
      database.drop();
    } finally {
      client.close();
      if (server != null) {
        server.close();
      }
    }
  }
}
