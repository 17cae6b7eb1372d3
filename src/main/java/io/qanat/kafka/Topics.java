package io.qanat.kafka;

import io.qanat.Flows;
import io.qanat.Lane;
import io.qanat.Lanes;
import jakarta.annotation.PreDestroy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Creates the topics that a hub needs where they are missing, before the routes start or, while
 * Kafka is away, as soon as it is there. Existing topics are left as they are.
 */
@Component
public class Topics implements CamelContextConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
  private static final int TIMEOUT_MS = 5_000;

  /** A dead letter is its record, at most 1 MiB, and the headers that tell why. */
  public static final int MAX_DEAD_LETTER_BYTES = 2 * 1024 * 1024;

  private final KafkaClients clients;
  private final Flows flows;
  private final Lanes lanes;
  private final TopicProperties properties;
  private final ScheduledExecutorService retries =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "qanat-topics");
            thread.setDaemon(true);
            return thread;
          });

  Topics(KafkaClients clients, Flows flows, Lanes lanes, TopicProperties properties) {
    this.clients = clients;
    this.flows = flows;
    this.lanes = lanes;
    this.properties = properties;
  }

  @Override
  public void beforeApplicationStart(CamelContext context) {
    createFlowTopics();
  }

  @Override
  public void afterApplicationStart(CamelContext context) {
    // Topics are wanted before the consumers, not after.
  }

  private void createFlowTopics() {
    List<NewTopic> topics =
        flows.names().stream()
            .map(f -> topic(Position.topicOf(f), properties.partitions(), Map.of()))
            .toList();
    try (Admin admin = clients.admin(TIMEOUT_MS)) {
      var unused = create(admin, topics);
      // Before the first death: a receipt asks there whether an event is dead.
      flows.names().stream()
          .flatMap(f -> lanes.of(f).stream())
          .forEach(this::createDeadLetterTopic);
    } catch (KafkaException e) {
      LOG.warn("Kafka is away ({}); topics are created once it answers", e.getMessage());
      var unused = retries.schedule(this::createFlowTopics, TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }
  }

  /**
   * Creates the topic of what a lane's sink refuses, unless it is there: with a partition for each
   * of the flow's, and kept for ever, because a dead letter waits for a person.
   *
   * @throws KafkaException if Kafka does not answer
   */
  public void createDeadLetterTopic(Lane lane) {
    createBeside(
        Position.topicOf(lane.flow()),
        lane.deadLetterTopic(),
        Map.of("max.message.bytes", Integer.toString(MAX_DEAD_LETTER_BYTES), "retention.ms", "-1"));
  }

  /**
   * Creates a topic with as many partitions as another, or gives it those that it lacks.
   *
   * @throws KafkaException if Kafka does not answer
   */
  public void createBeside(String source, String name, Map<String, String> config) {
    try (Admin admin = clients.admin(TIMEOUT_MS)) {
      int partitions = partitions(admin, source);
      boolean created = create(admin, List.of(topic(name, partitions, config))).contains(name);
      if (!created && partitions(admin, name) < partitions) {
        admin.createPartitions(Map.of(name, NewPartitions.increaseTo(partitions))).all().get();
      }
    } catch (ExecutionException e) {
      throw new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static int partitions(Admin admin, String topic)
      throws ExecutionException, InterruptedException {
    return admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get()
        .get(topic)
        .partitions()
        .size();
  }

  /**
   * Creates a topic of one partition, unless it is there.
   *
   * @throws KafkaException if Kafka does not answer
   */
  public void createSingle(String name, Map<String, String> config) {
    try (Admin admin = clients.admin(TIMEOUT_MS)) {
      var unused = create(admin, List.of(topic(name, 1, config)));
    }
  }

  private NewTopic topic(String name, int partitions, Map<String, String> config) {
    return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(config);
  }

  private static List<String> create(Admin admin, List<NewTopic> topics) {
    List<String> created = new ArrayList<>();
    var results = admin.createTopics(topics).values();
    for (var result : results.entrySet()) {
      try {
        result.getValue().get();
        created.add(result.getKey());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw new KafkaException(e.getCause().getMessage(), e.getCause());
        }
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
    if (!created.isEmpty()) {
      LOG.info("Created topics {}", created);
    }
    return created;
  }

  private static KafkaException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new KafkaException(e);
  }

  @PreDestroy
  void stop() {
    retries.shutdownNow();
  }
}
