package io.qanat.deadletter;

import com.mongodb.MongoException;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
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

  private final DeadLetterIndexes indexes;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread t = new Thread(task, "qanat-dead-letter-indexes");
            t.setDaemon(true);
            return t;
          });
  private boolean told;

  MongoIndexes(DeadLetterIndexes indexes) {
    this.indexes = indexes;
  }

  @PostConstruct
  void start() {
    thread.execute(this::ensure);
  }

  private void ensure() {
    try {
      var unused = indexes.migrate();
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

  @PreDestroy
  void stop() {
    thread.shutdownNow();
  }
}
