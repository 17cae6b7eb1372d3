package io.qanat.trials;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import java.net.URI;
import org.bson.BsonDocument;

/** MongoDB as a trial sees it, beside the hub: its own way to the server has no faults. */
final class MongoView implements AutoCloseable {
  private final URI uri;
  private final MongoClient client;

  MongoView(String uri) {
    this.uri = URI.create(uri);
    client = MongoClients.create(uri);
  }

  /** Where the server listens. */
  int port() {
    return uri.getPort();
  }

  /** The server's address by way of another port. */
  String uri(int port) {
    return uri.toString().replace(":" + port() + "/", ":" + port + "/");
  }

  /** A collection of the hub's. */
  MongoCollection<BsonDocument> collection(String name) {
    return client.getDatabase(uri.getPath().substring(1)).getCollection(name, BsonDocument.class);
  }

  @Override
  public void close() {
    client.close();
  }
}
