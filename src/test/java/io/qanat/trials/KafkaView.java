package io.qanat.trials;

import io.qanat.kafka.HubHeaders;
import io.qanat.kafka.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.ConsumerGroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka as a trial sees it, beside the hub: what is on the topics, and how far the hub has come.
 */
final class KafkaView implements AutoCloseable {
  /** A broker counts what is left of a record when it is compressed. */
  private static final int LARGEST = 32 * 1024 * 1024;

  private final String servers;
  private final Admin admin;

  KafkaView(String servers) {
    this.servers = servers;
    this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, servers));
  }

  /** The names of the topics. */
  Set<String> topics() throws ExecutionException, InterruptedException {
    return admin.listTopics().names().get();
  }

  /** How many records of a flow the hub has not settled yet for all its sinks. */
  long lag(TrialFlow flow) throws ExecutionException, InterruptedException {
    return lag(flow.topic(), flow.lanes());
  }

  /** How many records of a topic one or more of these consumer groups have still to settle. */
  long lag(String topic, List<String> groups) throws ExecutionException, InterruptedException {
    Map<TopicPartition, Long> ends = ends(topic);
    Map<TopicPartition, Long> lags = new HashMap<>();
    for (String group : groups) {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      ends.forEach(
          (partition, end) -> {
            OffsetAndMetadata done = committed.get(partition);
            lags.merge(partition, end - (done == null ? 0 : done.offset()), Math::max);
          });
    }
    return lags.values().stream().mapToLong(Long::longValue).sum();
  }

  /** How many partitions a flow's topic has. */
  int partitions(TrialFlow flow) throws ExecutionException, InterruptedException {
    return ends(flow.topic()).size();
  }

  /** How many records were ever put on a topic. */
  long records(String topic) throws ExecutionException, InterruptedException {
    return ends(topic).values().stream().mapToLong(Long::longValue).sum();
  }

  private Map<TopicPartition, Long> ends(String topic)
      throws ExecutionException, InterruptedException {
    if (!topics().contains(topic)) {
      return Map.of();
    }
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      return consumer.endOffsets(partitions(consumer, topic));
    }
  }

  /** Lets a flow's groups, which must have no consumer now, begin at the first record again. */
  void rewind(TrialFlow flow) throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> begin = new HashMap<>();
    ends(flow.topic()).keySet().forEach(p -> begin.put(p, new OffsetAndMetadata(0)));
    for (String lane : flow.lanes()) {
      admin.alterConsumerGroupOffsets(lane, begin).all().get();
    }
  }

  /** Lets a group, which must have no consumer now, leave out what is on a topic. */
  void skip(String topic, String group) throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> end = new HashMap<>();
    ends(topic).forEach((partition, offset) -> end.put(partition, new OffsetAndMetadata(offset)));
    admin.alterConsumerGroupOffsets(group, end).all().get();
  }

  /** The consumers of a flow's group, by the ids that they were given when they joined. */
  Set<String> members(TrialFlow flow) throws ExecutionException, InterruptedException {
    return admin
        .describeConsumerGroups(List.of(flow.lane()))
        .describedGroups()
        .get(flow.lane())
        .get()
        .members()
        .stream()
        .map(MemberDescription::consumerId)
        .collect(Collectors.toSet());
  }

  /**
   * The partitions that each consumer of a flow's group has; empty while they are shared out anew.
   */
  List<Set<Integer>> assignment(TrialFlow flow) throws ExecutionException, InterruptedException {
    ConsumerGroupDescription group =
        admin.describeConsumerGroups(List.of(flow.lane())).describedGroups().get(flow.lane()).get();
    return group.state() != ConsumerGroupState.STABLE
        ? List.of()
        : group.members().stream()
            .map(
                member ->
                    member.assignment().topicPartitions().stream()
                        .map(TopicPartition::partition)
                        .collect(Collectors.toSet()))
            .toList();
  }

  /**
   * How far a lane has come in a partition.
   *
   * @param settled how many records are settled
   * @param waiting how many are not
   */
  record Place(long settled, long waiting) {}

  /** How far a flow's lane has come in each partition. */
  Map<TopicPartition, Place> places(TrialFlow flow)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(flow.lane()).partitionsToOffsetAndMetadata().get();
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    committed.keySet().forEach(partition -> latest.put(partition, OffsetSpec.latest()));
    Map<TopicPartition, Place> places = new HashMap<>();
    admin
        .listOffsets(latest)
        .all()
        .get()
        .forEach(
            (partition, end) -> {
              long settled = committed.get(partition).offset();
              places.put(partition, new Place(settled, end.offset() - settled));
            });
    return places;
  }

  /** Everything on a topic. */
  List<ConsumerRecord<byte[], byte[]>> read(String topic)
      throws ExecutionException, InterruptedException {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    if (!topics().contains(topic)) {
      return records;
    }
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      Collection<TopicPartition> partitions = partitions(consumer, topic);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }

  /** Why changes of a ledger are dead: the codes of their dead letters. */
  Set<String> codes(Ledger ledger) throws ExecutionException, InterruptedException {
    return read(ledger.flow().deadLetters()).stream()
        .filter(ledger::owns)
        .map(letter -> header(letter, HubHeaders.ERRORS + "code"))
        .collect(Collectors.toSet());
  }

  private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(p -> new TopicPartition(topic, p.partition()))
        .toList();
  }

  /** Writes a record as another program would, in as few bytes as it can, and tells where. */
  Position write(ProducerRecord<byte[], byte[]> record)
      throws ExecutionException, InterruptedException {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                servers,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "gzip",
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                LARGEST),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      RecordMetadata at = producer.send(record).get();
      return new Position(at.topic(), at.partition(), at.offset());
    }
  }

  /** Creates the dead-letter topic where it is missing, and sets how large its messages may be. */
  void limitDeadLetters(TrialFlow flow, int bytes) throws ExecutionException, InterruptedException {
    String topic = flow.deadLetters();
    if (!topics().contains(topic)) {
      admin.createTopics(List.of(new NewTopic(topic, 6, (short) 1))).all().get();
    }
    admin
        .incrementalAlterConfigs(
            Map.of(
                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                List.of(
                    new AlterConfigOp(
                        new ConfigEntry("max.message.bytes", Integer.toString(bytes)),
                        AlterConfigOp.OpType.SET))))
        .all()
        .get();
  }

  /** Where the record of a dead letter stands. */
  static Position diedAt(ConsumerRecord<?, ?> letter) {
    return new Position(
        header(letter, HubHeaders.ERRORS + "topic"),
        Integer.parseInt(header(letter, HubHeaders.ERRORS + "partition")),
        Long.parseLong(header(letter, HubHeaders.ERRORS + "offset")));
  }

  /** A record's header as text, empty when it has none. */
  static String header(ConsumerRecord<?, ?> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** A record's key as text, empty when it has none. */
  static String key(ConsumerRecord<byte[], ?> record) {
    return record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
  }

  /** A record's header names, each as often as it is there. */
  static List<String> headerNames(ConsumerRecord<?, ?> record) {
    List<String> names = new ArrayList<>();
    record.headers().forEach(h -> names.add(h.key()));
    return names;
  }

  /** The headers as pairs of name and text. */
  static List<String> headers(ConsumerRecord<?, ?> record) {
    return StreamSupport.stream(record.headers().spliterator(), false)
        .map(h -> h.key() + "=" + new String(h.value(), StandardCharsets.ISO_8859_1))
        .collect(Collectors.toList());
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            servers,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(2));
  }
}
