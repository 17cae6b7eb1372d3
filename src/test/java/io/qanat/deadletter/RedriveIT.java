package io.qanat.deadletter;

import static io.qanat.deadletter.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import io.qanat.accept.ProblemException;
import io.qanat.deadletter.DeadLetterIndex.State;
import io.qanat.deadletter.Redriver.Order;
import io.qanat.kafka.RecordWriter.Sent;
import io.qanat.sandbox.MongoDb;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Redrives against MongoDB, with a Kafka that does as it is told. */
class RedriveIT {
  private static final Order ORDER = new Order("ada", "job-1", false, null);
  private static final Duration LONG = Duration.ofMinutes(1);

  private final List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
  private Predicate<ProducerRecord<byte[], byte[]>> refused = r -> false;
  private KafkaException refusal = new TimeoutException("Kafka is away");
  private Payloads payloads = death -> Optional.of(record(death));
  private MongoDb server;
  private MongoClient client;
  private DeadLetterStore store;
  private RedriveJobs jobs;
  private Redriver redriver;
  private Redrives redrives;

  /** Acknowledges what is not refused, each at the next offset from 1000. */
  private final class FakeOutlet implements Outlet {
    @Override
    public List<Sent> send(List<ProducerRecord<byte[], byte[]>> records) {
      return records.stream().map(this::send).toList();
    }

    private Sent send(ProducerRecord<byte[], byte[]> record) {
      if (refused.test(record)) {
        return new Sent(null, refusal);
      }
      sent.add(record);
      int partition = record.partition() == null ? 0 : record.partition();
      return new Sent(
          new RecordMetadata(
              new TopicPartition(record.topic(), partition), 999 + sent.size(), 0, 0, 0, 0),
          null);
    }

    @Override
    public void ensureAudit() {
      // There is nothing to create here.
    }
  }

  @BeforeEach
  void start(@TempDir Path folder) {
    server = MongoDb.start(folder, 0);
    client = MongoClients.create(server.uri());
    MongoDatabase database = client.getDatabase("qanat");
    store = new DeadLetterStore(database);
    jobs = new RedriveJobs(database);
    Outlet outlet = new FakeOutlet();
    Audit audit = new Audit(outlet);
    redriver =
        new Redriver(
            store,
            death -> payloads.read(death),
            outlet,
            audit,
            new DeadLetterProperties(List.of(), 1, 100));
    redrives = new Redrives(redriver, jobs);
  }

  @AfterEach
  void stop() {
    redrives.stop();
    client.close();
    server.close();
  }

  private static ConsumerRecord<byte[], byte[]> record(Death death) {
    return new ConsumerRecord<>(
        death.deadLetter().topic(), 0, death.deadLetter().offset(), new byte[] {1}, new byte[] {2});
  }

  private static DeadLetterId id(long offset) {
    return new DeadLetterId("contacts", "salesforce", 3, offset);
  }

  private List<DeadLetterId> dead(long... offsets) {
    List<DeadLetterId> ids = new ArrayList<>();
    for (long offset : offsets) {
      store.apply(Map.of(id(offset), List.of(Samples.died(offset, 0, 1))));
      ids.add(id(offset));
    }
    return ids;
  }

  private State state(long offset) {
    return store.get(id(offset).toString()).orElseThrow().state();
  }

  private static String redriveOf(ProducerRecord<byte[], byte[]> record) {
    return new String(
        record.headers().lastHeader("qanat_redrive_of").value(), StandardCharsets.UTF_8);
  }

  private static boolean isAudit(ProducerRecord<byte[], byte[]> record) {
    return record.topic().equals("qanat-audit");
  }

  @Test
  void putsLettersBackAndWritesThatDown() {
    Redriver.Result result = redriver.redrive(dead(10, 11), ORDER);

    assertThat(result).isEqualTo(new Redriver.Result(2, Map.of(), null));
    assertThat(sent.stream().filter(r -> !isAudit(r)).map(RedriveIT::redriveOf))
        .containsExactly("contacts-3-10", "contacts-3-11");
    assertThat(sent.stream().filter(RedriveIT::isAudit)).hasSize(2);
    assertThat(state(10)).isEqualTo(State.REDRIVEN);
    assertThat(store.get(id(10).toString()).orElseThrow().redrivenTo())
        .isEqualTo(Samples.record(1000));
  }

  @Test
  void tellsWhatItHadDoneWhenKafkaGoesAway() {
    List<DeadLetterId> ids = dead(10, 11, 12);
    refused = r -> !isAudit(r) && !redriveOf(r).equals("contacts-3-10");

    Redriver.Result result = redriver.redrive(ids, ORDER);

    assertThat(result.redriven()).isEqualTo(1);
    assertThat(result.failure()).contains("Kafka is away");
    assertThat(state(10)).isEqualTo(State.REDRIVEN);
    assertThat(state(11)).isEqualTo(State.DEAD);
    assertThat(store.claim(id(11), "other", LONG)).as("it may be on its topic").isEmpty();
  }

  @Test
  void saysNothingHalfWhenTheAuditCannotBeWritten() {
    refused = RedriveIT::isAudit;

    Redriver.Result result = redriver.redrive(dead(10), ORDER);

    assertThat(result.redriven()).isEqualTo(1);
    assertThat(result.failure()).contains("1 letters were put back").contains("audit");
    assertThat(state(10)).as("as Kafka tells it").isEqualTo(State.DEAD);
  }

  @Test
  void givesBackWhatItClaimedWhenPayloadsCannotBeRead() {
    List<DeadLetterId> ids = dead(10, 11);
    payloads =
        death -> {
          if (death.record().offset() == 11) {
            throw new KafkaException("away");
          }
          return Optional.of(record(death));
        };

    Redriver.Result result = redriver.redrive(ids, ORDER);

    assertThat(result.redriven()).isZero();
    assertThat(result.failure()).contains("away");
    assertThat(sent).isEmpty();
    assertThat(store.claim(id(10), "other", LONG)).isPresent();
  }

  @Test
  void leavesWhatCannotBeRedrivenAndSaysWhy() {
    List<DeadLetterId> ids = dead(10, 11, 12, 13, 14);
    store.apply(
        Map.of(
            id(11), List.of(Samples.redriven(20, 2)),
            id(12), List.of(Samples.redriven(21, 2), Samples.died(21, 1, 3))));
    assertThat(store.claim(id(13), "other", LONG)).isPresent();
    payloads =
        death -> death.record().offset() == 10 ? Optional.empty() : Optional.of(record(death));
    refused = r -> !isAudit(r);
    refusal = new RecordTooLargeException();
    List<DeadLetterId> all = new ArrayList<>(ids);
    all.add(id(99));

    Redriver.Result result = redriver.redrive(all, ORDER);

    assertThat(result.failure()).isNull();
    assertThat(result.skipped())
        .containsOnly(
            Map.entry(id(10), Skip.PAYLOAD_GONE),
            Map.entry(id(11), Skip.NOT_DEAD),
            Map.entry(id(12), Skip.LOOP_GUARD),
            Map.entry(id(13), Skip.BUSY),
            Map.entry(id(14), Skip.TOO_LARGE),
            Map.entry(id(99), Skip.NOT_FOUND));
    assertThat(store.claim(id(10), "other", LONG)).as("nobody is at it any more").isPresent();
  }

  @Test
  void endsAJobThatCannotGoOnAsFailed() {
    dead(10, 11);
    refused = r -> !isAudit(r) && redriveOf(r).equals("contacts-3-11");

    RedriveJob job = redrives.start(selected(10, 11), "ada", 5, false, null);

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> jobs.find(job.id()).orElseThrow().state() == RedriveJob.State.FAILED);
    RedriveJob failed = jobs.find(job.id()).orElseThrow();
    assertThat(failed.redriven()).isEqualTo(1);
    assertThat(failed.total()).isEqualTo(2);
    assertThat(failed.failure()).contains("Kafka is away");
    assertThat(failed.endedAt()).isNotNull();
  }

  @Test
  void interruptsItsJobsWhenTheHubStops() {
    dead(10, 11);
    RedriveJob job = redrives.start(selected(10, 11), "ada", 1, false, null);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> jobs.find(job.id()).orElseThrow().redriven() == 1);

    redrives.stop();

    RedriveJob stopped = jobs.find(job.id()).orElseThrow();
    assertThat(stopped.state()).isEqualTo(RedriveJob.State.INTERRUPTED);
    assertThat(state(11)).isEqualTo(State.DEAD);
  }

  @Test
  void takesAJobForInterruptedWhoseInstanceIsSilent() {
    Instant longAgo = Instant.now().minus(Duration.ofMinutes(5));
    jobs.add(job("old", longAgo));
    jobs.add(job("new", Instant.now()));

    assertThat(jobs.find("old").orElseThrow().state()).isEqualTo(RedriveJob.State.INTERRUPTED);
    assertThat(jobs.find("new").orElseThrow().state()).isEqualTo(RedriveJob.State.RUNNING);
    assertThat(jobs.list(10).stream().map(RedriveJob::id)).containsExactly("new", "old");
  }

  private static RedriveJob job(String id, Instant at) {
    return new RedriveJob(
        id,
        RedriveJob.State.RUNNING,
        "ada",
        at,
        null,
        JsonNodeFactory.instance.objectNode(),
        5,
        0,
        Map.of(),
        List.of(),
        1,
        false,
        false,
        null);
  }

  private Selection selected(long... offsets) {
    List<DeadLetterId> ids = new ArrayList<>();
    for (long offset : offsets) {
      ids.add(id(offset));
    }
    return new Selection(ids, JsonNodeFactory.instance.objectNode());
  }

  @Test
  void choosesTheOldestOfEachPartitionFirst() throws Exception {
    dead(9, 100, 20);
    DeadLetterId other = new DeadLetterId("contacts", "salesforce", 1, 50);
    store.apply(
        Map.of(
            other,
            List.of(
                new Death(
                    NOON.plusSeconds(999),
                    other.original(),
                    Samples.died(1, 0, 1).deadLetter(),
                    Samples.died(1, 0, 1).reason(),
                    Samples.died(1, 0, 1).event(),
                    0))));

    var filter = new JsonMapper().readTree("{\"filter\":{\"flow\":\"contacts\"}}");

    Selection selection = Selection.of(filter, store, 4);

    assertThat(selection.ids()).containsExactly(other, id(9), id(20), id(100));
    assertThat(selection.named().toString())
        .isEqualTo("{\"filter\":{\"flow\":\"contacts\",\"state\":\"dead\"}}");
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> Selection.of(filter, store, 3))
        .withMessageContaining("more than 3");
  }
}
