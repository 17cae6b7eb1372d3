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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * The collection of the flow records: in the real server that {@code MONGODB_URI} names, or else in
 * a server that speaks MongoDB's protocol and keeps its documents in memory.
 */
final class DocumentStore implements Race.Store, AutoCloseable {
  /** The collection. */
  static final String COLLECTION = "records";

  /** The database, which a real server has for nothing else. */
  static final String DATABASE = "qanat_bench";

  private static final int SAMPLES = 1_000;
  private static final Pattern OTHER_DATABASE =
      Pattern.compile("^([^:]+://[^/?]+)(?:/[^?]*)?(\\?.*)?$");

  private final int size;
  private final @Nullable MeasuredJvm server;
  private final String uri;
  private final MongoClient client;

  /**
   * A store without documents.
   *
   * @param size how many are to come
   */
  DocumentStore(int size) {
    this.size = size;
    Optional<String> real = Optional.ofNullable(System.getenv("MONGODB_URI"));
    if (real.isPresent()) {
      server = null;
      uri = OTHER_DATABASE.matcher(real.get()).replaceFirst("$1/" + DATABASE + "$2");
    } else {
      int port = Ports.free();
      server =
          MeasuredJvm.main(
              "mongodb",
              Sandbox.serverClassPath(),
              "io.qanat.sandbox.child.MongoDbChild",
              List.of("-Xms6g", "-Xmx6g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
              List.of("", Integer.toString(port)));
      uri = "mongodb://127.0.0.1:" + port + "/" + DATABASE;
    }
    client = MongoClients.create(uri);
    reset();
  }

  /** Where clients find it. */
  String uri() {
    return uri;
  }

  /** Deletes every document and every index. */
  void reset() {
    database().drop();
  }

  @Override
  public long count() {
    return collection().estimatedDocumentCount();
  }

  @Override
  public void awaitFirst(MeasuredJvm jvm) {
    await(1, jvm);
  }

  @Override
  public void await(double part, MeasuredJvm jvm) {
    await((long) (size * part), jvm);
  }

  private void await(long wanted, MeasuredJvm jvm) {
    jvm.await(Duration.ofMinutes(30), Duration.ofMillis(20), () -> count() >= wanted);
  }

  @Override
  public Duration cpu() {
    return server == null ? Duration.ZERO : server.cpu();
  }

  /** All documents are there, and each of a sample is what it must be. */
  void check(String by, IntFunction<BsonDocument> expected) {
    assertThat(collection().countDocuments()).as("documents by %s", by).isEqualTo(size);
    int every = Math.max(1, size / SAMPLES);
    Map<Object, BsonDocument> sample =
        IntStream.iterate(0, i -> i < size, i -> i + every)
            .mapToObj(expected)
            .collect(Collectors.toMap(d -> d.get("_id"), Function.identity()));
    int found = 0;
    for (BsonDocument document : collection().find(in("_id", sample.keySet()))) {
      assertThat(document).as("a document by %s", by).isEqualTo(sample.get(document.get("_id")));
      found++;
    }
    assertThat(found).as("of the sample by %s", by).isEqualTo(sample.size());
  }

  private MongoCollection<BsonDocument> collection() {
    return database().getCollection(COLLECTION, BsonDocument.class);
  }

  private MongoDatabase database() {
    return client.getDatabase(DATABASE);
  }

  @Override
  public void close() {
    try {
      if (server == null) {
        database().drop();
      }
    } finally {
      client.close();
      if (server != null) {
        server.close();
      }
    }
  }
}
