package io.qanat.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qanat.Lane;
import io.qanat.Lanes;
import io.qanat.kafka.LaneOffsets.Bounds;
import io.qanat.kafka.LaneOffsets.Progress;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Kafka answers to {@link LaneOffsets} and {@link RecordReader}, and what if it does not. */
class KafkaQuestionsIT {
  /** Longer than any bound of the two, shorter than bounds of two questions in a row. */
  private static final Duration ONE_BOUND = Duration.ofSeconds(9);

  private static Sandbox sandbox;
  private static DefaultCamelContext context;
  private static KafkaClients clients;
  private static Admin admin;
  private static Producer<byte[], byte[]> producer;
  private static LaneOffsets offsets;
  private static RecordReader reader;

  private Lane lane;
  private TopicPartition partition;

  @BeforeAll
  static void start() {
    sandbox = Sandbox.start(SandboxSettings.forTests(Server.KAFKA));
    context = new DefaultCamelContext();
    context
        .getComponent("kafka", KafkaComponent.class)
        .getConfiguration()
        .setBrokers(sandbox.kafka().bootstrapServers());
    clients = new KafkaClients(context);
    admin = clients.admin(20_000);
    producer = clients.producer(1_000_000);
    offsets = new LaneOffsets(clients, new Lanes());
    reader = new RecordReader(clients);
  }

  @AfterAll
  static void stop() throws Exception {
    offsets.close();
    reader.close();
    producer.close();
    admin.close();
    context.close();
    sandbox.close();
  }

  @BeforeEach
  void topicOfItsOwn() throws Exception {
    String flow = "f" + UUID.randomUUID().toString().substring(0, 8);
    lane = new Lane(flow + "-deliver-sink", flow, "sink");
    partition = new TopicPartition("qanat." + flow, 0);
    admin.createTopics(List.of(new NewTopic(partition.topic(), 2, (short) 1))).all().get();
    await().ignoreExceptions().until(() -> offsets.bounds(partition).isPresent());
  }

  private void send(int count) throws ExecutionException, InterruptedException {
    for (int i = 0; i < count; i++) {
      byte[] text = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
      producer.send(new ProducerRecord<>(partition.topic(), 0, text, text)).get();
    }
  }

  private void deleteBefore(long offset) throws ExecutionException, InterruptedException {
    admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset))).all().get();
  }

  private void commit(OffsetAndMetadata offset) throws ExecutionException, InterruptedException {
    admin.alterConsumerGroupOffsets(lane.id(), Map.of(partition, offset)).all().get();
  }

  private Progress progress() {
    return offsets.of(lane).get(partition);
  }

  @Test
  void tellsWhereAGroupStandsThatNeverCommitted() throws Exception {
    send(5);
    deleteBefore(2);

    assertThat(progress()).isEqualTo(new Progress(2, 2, 5, Optional.empty()));
    assertThat(progress().lag()).isEqualTo(3);
    assertThat(offsets.of(lane))
        .containsOnlyKeys(partition, new TopicPartition(partition.topic(), 1));
    assertThat(offsets.members(lane)).isZero();
  }

  @Test
  void tellsWhatWasCommittedAndWhyTheLaneIsHeld() throws Exception {
    HoldNote note = new HoldNote("HTTP_503", "away", Instant.parse("2026-01-05T10:15:30Z"));
    send(5);

    commit(new OffsetAndMetadata(3, note.toMetadata()));
    assertThat(progress()).isEqualTo(new Progress(0, 3, 5, Optional.of(note)));

    commit(new OffsetAndMetadata(4));
    await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> progress().equals(new Progress(0, 4, 5, Optional.empty())));
  }

  @Test
  void leavesOutALaneWhoseTopicIsMissing() {
    Lane missing = new Lane("none-deliver-sink", "none", "sink");

    long start = System.nanoTime();
    assertThat(offsets.of(missing)).isEmpty();
    TopicPartition none = new TopicPartition("qanat.none", 0);
    assertThat(offsets.ends(List.of(none, partition))).containsEntry(none, 0L).hasSize(2);
    assertThat(offsets.bounds(new TopicPartition("qanat.none", 0))).isEmpty();
    assertThat(offsets.bounds(new TopicPartition(partition.topic(), 2))).isEmpty();
    assertThat(offsets.members(missing)).isZero();
    assertThat(reader.read(new Position("qanat.none", 0, 0))).isEmpty();
    assertThat(reader.read(new Position(partition.topic(), 2, 0))).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(ONE_BOUND);
  }

  @Test
  void tellsWhatAPartitionHoldsNow() throws Exception {
    send(3);
    assertThat(offsets.bounds(partition)).contains(new Bounds(0, 3));
    send(1);
    deleteBefore(2);
    assertThat(offsets.bounds(partition)).contains(new Bounds(2, 4));
    assertThat(offsets.ends(List.of(partition))).containsExactly(Map.entry(partition, 4L));
  }

  @Test
  void readsARecordAndNoneThatIsNoMoreOrNotYetThere() throws Exception {
    send(5);
    deleteBefore(2);

    assertThat(reader.read(at(2)).orElseThrow().value()).isEqualTo(new byte[] {'2'});
    assertThat(reader.read(at(4)).orElseThrow().offset()).isEqualTo(4);
    assertThat(reader.read(at(1))).isEmpty();
    assertThat(reader.read(at(5))).isEmpty();
    assertThat(reader.read(at(500))).isEmpty();
  }

  @Test
  void findsWhatStandsBehindADeletedFront() throws Exception {
    send(5);
    deleteBefore(2);

    assertThat(first(0, 5, 3)).contains(3L);
    assertThat(first(0, 500, 4)).contains(4L);
    assertThat(first(0, 2, 1)).isEmpty();
    assertThat(first(0, 3, 4)).as("beyond the stretch").isEmpty();
    assertThat(first(3, 3, 3)).isEmpty();
  }

  private Optional<Long> first(long from, long to, int wanted) {
    return reader
        .first(partition, from, to, r -> r.value()[0] == '0' + wanted)
        .map(r -> r.offset());
  }

  private Position at(long offset) {
    return new Position(partition.topic(), partition.partition(), offset);
  }

  @Test
  void letsManyReadAtOnce() throws Exception {
    send(20);

    List<Long> read = together(40, i -> reader.read(at(i % 20)).orElseThrow().offset());

    assertThat(read).hasSize(40).allMatch(offset -> offset >= 0 && offset < 20);
  }

  @Test
  void answersManyCallersWithOneQuestion() throws Exception {
    send(1);

    // One answer lasts for 250 ms; a busy machine may need that long for a few rounds of them.
    assertThat(together(64, i -> System.identityHashCode(offsets.of(lane))).stream().distinct())
        .as("answers to 64 callers at once")
        .hasSizeLessThan(8);
  }

  @Test
  void keepsNoCallerForLongerThanOneBoundWhileKafkaIsSilent() throws Exception {
    send(1);
    assertThat(progress().end()).isEqualTo(1);
    sandbox.kafka().pause();
    try {
      long start = System.nanoTime();
      List<Boolean> failed =
          together(
              60,
              i -> {
                switch (i % 3) {
                  case 0 ->
                      assertThatThrownBy(() -> offsets.bounds(partition))
                          .isInstanceOf(KafkaException.class);
                  case 1 ->
                      assertThatThrownBy(() -> reader.read(at(0)))
                          .isInstanceOf(KafkaException.class);
                  default ->
                      await()
                          .pollInSameThread()
                          .atMost(ONE_BOUND)
                          .untilAsserted(
                              () ->
                                  assertThatThrownBy(() -> offsets.of(lane))
                                      .isInstanceOf(KafkaException.class));
                }
                return true;
              });
      assertThat(failed).hasSize(60);
      // The readers have eight places: those who find none wait as long as a reading takes.
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(ONE_BOUND.multipliedBy(2));
    } finally {
      sandbox.kafka().resume();
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> progress().end() == 1 && reader.read(at(0)).isPresent());
  }

  private interface Call<T> {
    T of(int index);
  }

  private static <T> List<T> together(int callers, Call<T> call) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try {
      List<CompletableFuture<T>> all = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        int index = i;
        all.add(CompletableFuture.supplyAsync(() -> call.of(index), threads));
      }
      List<T> results = new ArrayList<>();
      for (CompletableFuture<T> one : all) {
        results.add(one.get(60, TimeUnit.SECONDS));
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
