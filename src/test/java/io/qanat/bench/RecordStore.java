package io.qanat.bench;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import io.qanat.sandbox.Sandbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.Document;

/**
 * The database that a hub reads records from: of its own on a real MongoDB, or else the sandbox's.
 */
final class RecordStore implements AutoCloseable {
  private static final String COLLECTION = "records";

  /** A URI's servers, database and options. */
  private static final String PARTS = "(mongodb(?:\\+srv)?://[^/?]+)(?:/[^?]*)?(\\?.*)?";

  private final String uri;
  private final MongoClient client;
  private final MongoDatabase database;

  private RecordStore(String uri, String database) {
    this.uri = uri;
    client = MongoClients.create(uri);
    this.database = client.getDatabase(database);
  }

  /** A new database; it is dropped when this is closed. */
  static RecordStore open(Sandbox sandbox) {
    return BenchSettings.mongoDb()
        .map(
            uri -> {
              String own = "qanat-bench-" + UUID.randomUUID();
              return new RecordStore(uri.replaceFirst("^" + PARTS + "$", "$1/" + own + "$2"), own);
            })
        .orElseGet(() -> new RecordStore(sandbox.mongoDb().uri(), "qanat"));
  }

  /** The URI, which names the database. */
  String uri() {
    return uri;
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
            BenchSettings.mongoDb().isPresent() ? "MongoDB" : "The sandbox's document server, as",
            Objects.requireNonNull(built.getString("version")),
            String.join(", ", keys));
  }

  @Override
  public void close() {
    database.drop();
    client.close();
  }
}
