package io.qanat.mongodb;

import com.mongodb.client.MongoDatabase;
import io.qanat.ServerCheck;
import org.bson.Document;
import org.springframework.stereotype.Component;

/** Whether MongoDB answers. */
@Component
class MongoCheck implements ServerCheck {
  private final MongoDatabase database;

  MongoCheck(MongoDatabase database) {
    this.database = database;
  }

  @Override
  public String name() {
    return "mongodb";
  }

  @Override
  public void check() {
    database.runCommand(new Document("ping", 1));
  }
}
