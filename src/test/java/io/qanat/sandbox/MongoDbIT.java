package io.qanat.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import java.nio.file.Path;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MongoDbIT {
  @TempDir private Path folder;

  @Test
  void keepsDocumentsOverARestart() {
    try (MongoDb mongoDb = MongoDb.start(folder, 0)) {
      try (MongoClient client = MongoClients.create(mongoDb.uri())) {
        wells(client).insertOne(new Document("_id", "w-1").append("depth", 300));
      }
      mongoDb.stop();
      mongoDb.start();
      try (MongoClient client = MongoClients.create(mongoDb.uri())) {
        assertThat(wells(client).find()).extracting(well -> well.get("depth")).containsExactly(300);
      }
    }
  }

  private static MongoCollection<Document> wells(MongoClient client) {
    return client.getDatabase("qanat").getCollection("wells");
  }
}
