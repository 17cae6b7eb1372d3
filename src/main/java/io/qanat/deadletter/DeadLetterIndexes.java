package io.qanat.deadletter;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.Indexes;
import io.qanat.Migration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.springframework.stereotype.Component;

/** The indexes by which dead letters and redrives are found. */
@Component
class DeadLetterIndexes implements Migration {
  private static final List<String> FILTERS = List.of("state", "code", "key", "flow");

  private final MongoDatabase database;

  DeadLetterIndexes(MongoDatabase database) {
    this.database = database;
  }

  @Override
  public String server() {
    return "MongoDB (qanat.mongodb.uri)";
  }

  @Override
  public String migrate() {
    List<String> made = new ArrayList<>();
    Stream<Bson> byFilter =
        FILTERS.stream().map(f -> Indexes.compoundIndex(Indexes.ascending(f), newestFirst()));
    int all =
        ensure(
                DeadLetterStore.COLLECTION,
                Stream.concat(Stream.of(newestFirst()), byFilter).toList(),
                made)
            + ensure(RedriveJobs.COLLECTION, List.of(Indexes.descending("at")), made);
    return "indexes made: %s, there already: %d".formatted(made, all - made.size());
  }

  private int ensure(String name, List<Bson> keys, List<String> made) {
    MongoCollection<Document> collection = database.getCollection(name);
    Set<String> before = new HashSet<>();
    collection.listIndexes().forEach(index -> before.add(index.getString("name")));
    collection.createIndexes(keys.stream().map(IndexModel::new).toList()).stream()
        .filter(index -> !before.contains(index))
        .forEach(index -> made.add(name + "." + index));
    return keys.size();
  }

  private static Bson newestFirst() {
    return Indexes.descending("diedAt", "_id");
  }
}
