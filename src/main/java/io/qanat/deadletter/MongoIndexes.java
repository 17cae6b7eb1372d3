package io.qanat.deadletter;

import com.mongodb.MongoException;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.Indexes;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Sees to it that MongoDB has the indexes by which dead letters are found, as soon as it answers.
 */
@Component
class MongoIndexes {
  private static final Logger LOG = LoggerFactory.getLogger(MongoIndexes.class);
  private static final int RETRY_SECONDS = 10;
  private static final List<String> FILTERS = List.of("state", "code", "key", "flow");

  private final MongoDatabase database;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread t = new Thread(task, "qanat-dead-letter-indexes");
            t.setDaemon(true);
            return t;
          });
  private boolean told;

  MongoIndexes(MongoDatabase database) {
    this.database = database;
  }

  @PostConstruct
  void start() {
    thread.execute(this::ensure);
  }

  private void ensure() {
    try {
      List<IndexModel> byFilter =
          FILTERS.stream()
              .map(f -> Indexes.compoundIndex(Indexes.ascending(f), newestFirst()))
              .map(IndexModel::new)
              .toList();
      var letters = database.getCollection(DeadLetterStore.COLLECTION);
      letters.createIndex(newestFirst());
      letters.createIndexes(byFilter);
      database.getCollection(RedriveJobs.COLLECTION).createIndex(Indexes.descending("at"));
      thread.shutdown();
    } catch (MongoException e) {
      if (!told) {
        told = true;
        LOG.warn(
            "MongoDB does not answer (qanat.mongodb.uri); dead letters cannot be browsed until it does: {}",
            e.getMessage());
      }
      var unused = thread.schedule(this::ensure, RETRY_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static org.bson.conversions.Bson newestFirst() {
    return Indexes.descending("diedAt", "_id");
  }

  @PreDestroy
  void stop() {
    thread.shutdownNow();
  }
}
