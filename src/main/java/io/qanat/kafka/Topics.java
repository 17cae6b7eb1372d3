package io.qanat.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Sees to it that topics are there: creates those that are missing, and leaves the others as they
 * are. Where the hub is to create none, it only says which are missing.
 */
@Component
public class Topics {
  private static final Logger LOG = LoggerFactory.getLogger(Topics.class);
  private static final int TIMEOUT_MS = 5_000;
  private static final short DEFAULT_REPLICATION = -1;

  private final KafkaClients clients;
  private final TopicProperties properties;

  Topics(KafkaClients clients, TopicProperties properties) {
    this.clients = clients;
    this.properties = properties;
  }

  /** Whether this hub creates topics. */
  public boolean creates() {
    return properties.createTopics();
  }

  /**
   * Sees to it that a topic is there.
   *
   * @throws MissingTopicsException if it is not, and this hub creates none
   * @throws KafkaException if Kafka does not answer, or refuses
   */
  public void ensure(HubTopic topic) {
    var unused = ensure(List.of(topic));
  }

  /**
   * Sees to it that topics are there; those that lie beside another get the partitions that they
   * lack.
   *
   * @return the names of those that were created
   * @throws MissingTopicsException if some are not, and this hub creates none
   * @throws KafkaException if Kafka does not answer, or refuses
   */
  public List<String> ensure(List<HubTopic> topics) {
    try (Admin admin = clients.admin(TIMEOUT_MS)) {
      if (!creates()) {
        requireAll(admin, topics);
        return List.of();
      }
      return create(admin, topics);
    } catch (ExecutionException e) {
      throw new KafkaException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException(e);
    }
  }

  private static void requireAll(Admin admin, List<HubTopic> topics)
      throws ExecutionException, InterruptedException {
    Set<String> there = admin.listTopics().names().get();
    List<String> missing =
        topics.stream().map(HubTopic::name).filter(name -> !there.contains(name)).toList();
    if (!missing.isEmpty()) {
      throw new MissingTopicsException(missing);
    }
  }

  private List<String> create(Admin admin, List<HubTopic> topics)
      throws ExecutionException, InterruptedException {
    Map<HubTopic, Integer> first = new LinkedHashMap<>();
    Map<HubTopic, String> beside = new LinkedHashMap<>();
    for (HubTopic topic : topics) {
      topic
          .beside()
          .ifPresentOrElse(
              source -> beside.put(topic, source),
              () -> first.put(topic, topic.single() ? 1 : properties.partitions()));
    }
    List<String> created = new ArrayList<>(created(admin, first));
    Map<String, Integer> sources = sources(admin, Set.copyOf(beside.values()), created);
    Map<HubTopic, Integer> then = new LinkedHashMap<>();
    beside.forEach((topic, source) -> then.put(topic, sources.get(source)));
    List<String> alsoCreated = created(admin, then);
    created.addAll(alsoCreated);
    Map<String, Integer> grown =
        then.entrySet().stream()
            .filter(e -> !alsoCreated.contains(e.getKey().name()))
            .collect(Collectors.toMap(e -> e.getKey().name(), Map.Entry::getValue));
    grow(admin, grown);
    if (!created.isEmpty()) {
      LOG.info("Created topics {}", created);
    }
    return created;
  }

  /** A broker may not know yet what was created a moment ago, so that is not asked for. */
  private Map<String, Integer> sources(Admin admin, Set<String> names, List<String> created)
      throws ExecutionException, InterruptedException {
    Set<String> older = new HashSet<>(names);
    older.removeAll(created);
    Map<String, Integer> sources = partitions(admin, older);
    created.forEach(name -> sources.put(name, properties.partitions()));
    return sources;
  }

  private List<String> created(Admin admin, Map<HubTopic, Integer> topics)
      throws ExecutionException, InterruptedException {
    List<NewTopic> all = new ArrayList<>();
    topics.forEach((topic, partitions) -> all.add(newTopic(topic, partitions)));
    List<String> created = new ArrayList<>();
    Map<String, KafkaFuture<Void>> results = admin.createTopics(all).values();
    for (NewTopic topic : all) {
      try {
        results.get(topic.name()).get();
        created.add(topic.name());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
    return created;
  }

  private NewTopic newTopic(HubTopic topic, int partitions) {
    Optional<Short> replication =
        Optional.of(properties.replicationFactor()).filter(r -> r != DEFAULT_REPLICATION);
    return new NewTopic(topic.name(), Optional.of(partitions), replication).configs(topic.config());
  }

  private static void grow(Admin admin, Map<String, Integer> wanted)
      throws ExecutionException, InterruptedException {
    Map<String, NewPartitions> grown = new HashMap<>();
    partitions(admin, wanted.keySet())
        .forEach(
            (name, partitions) -> {
              if (partitions < wanted.get(name)) {
                grown.put(name, NewPartitions.increaseTo(wanted.get(name)));
              }
            });
    if (!grown.isEmpty()) {
      admin.createPartitions(grown).all().get();
    }
  }

  private static Map<String, Integer> partitions(Admin admin, Set<String> topics)
      throws ExecutionException, InterruptedException {
    Map<String, Integer> partitions = new HashMap<>();
    if (!topics.isEmpty()) {
      admin
          .describeTopics(topics)
          .allTopicNames()
          .get()
          .forEach((name, described) -> partitions.put(name, described.partitions().size()));
    }
    return partitions;
  }
}
