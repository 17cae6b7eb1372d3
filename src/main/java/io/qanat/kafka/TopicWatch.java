package io.qanat.kafka;

import jakarta.annotation.PreDestroy;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Sees to it that the hub's topics are there before its routes start or, while Kafka is away or the
 * topics are missing, as soon as that is over. What is wrong is said once, and by health.
 */
@Component("topicsHealthIndicator")
public class TopicWatch implements CamelContextConfiguration, HealthIndicator {
  private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);
  private static final int RETRY_MS = 5_000;

  private final Topics topics;
  private final NeededTopics needed;
  private final ScheduledExecutorService retries =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "qanat-topics");
            thread.setDaemon(true);
            return thread;
          });
  private volatile @Nullable KafkaException wrong;
  private boolean due;

  TopicWatch(Topics topics, NeededTopics needed) {
    this.topics = topics;
    this.needed = needed;
  }

  @Override
  public void beforeApplicationStart(CamelContext context) {
    look();
  }

  @Override
  public void afterApplicationStart(CamelContext context) {
    // Topics are wanted before the consumers, not after.
  }

  /** Looks now, as when a lane was added. */
  public synchronized void look() {
    KafkaException before = wrong;
    try {
      var unused = topics.ensure(topics.creates() ? needed.first() : needed.all());
      wrong = null;
      if (before != null) {
        LOG.info("The topics are there");
      }
    } catch (KafkaException e) {
      wrong = e;
      if (before == null || !reason(before).equals(reason(e))) {
        LOG.warn("{}; it is tried again until the topics are there", reason(e));
      }
      if (!due) {
        due = true;
        var unused = retries.schedule(this::lookAgain, RETRY_MS, TimeUnit.MILLISECONDS);
      }
    }
  }

  private synchronized void lookAgain() {
    due = false;
    look();
  }

  private static String reason(KafkaException e) {
    return e instanceof MissingTopicsException
        ? String.valueOf(e.getMessage())
        : "Topics cannot be created: " + e.getMessage();
  }

  /** Whether topics are known to be missing that this hub does not create. */
  public boolean missing() {
    return wrong instanceof MissingTopicsException;
  }

  @Override
  public Health health() {
    KafkaException e = wrong;
    if (e == null) {
      return Health.up().build();
    }
    return (missing() ? Health.down() : Health.unknown()).withDetail("reason", reason(e)).build();
  }

  @PreDestroy
  void stop() {
    retries.shutdownNow();
  }
}
