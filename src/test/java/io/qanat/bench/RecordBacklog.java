package io.qanat.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Records on Kafka: as the events that the hub's accept route of the flow records publishes, and as
 * documents in MongoDB's extended JSON for Kafka Connect.
 */
final class RecordBacklog {
  /** Where the events are. */
  static final String EVENTS = "qanat.records";

  /** Where the documents are. */
  static final String DOCUMENTS = "documents.records";

  private final Records records;

  RecordBacklog(Records records) {
    this.records = records;
  }

  /** Puts everything on Kafka. */
  void publish(Backlog backlog) throws ExecutionException, InterruptedException {
    backlog.topics(EVENTS, DOCUMENTS);
    backlog.publish(Stream.concat(all().mapToObj(this::event), all().mapToObj(this::document)));
  }

  private IntStream all() {
    return IntStream.range(0, records.count());
  }

  private ProducerRecord<String, byte[]> event(int i) {
    return Backlog.event(
        EVENTS,
        i % Backlog.PARTITIONS,
        records.id(i),
        Records.data(i).toJson(),
        Map.of(
            "id",
            records.id(i),
            "type",
            "record.added",
            "source",
            "/data",
            "time",
            Instant.ofEpochMilli(records.time(i)).toString()));
  }

  private ProducerRecord<String, byte[]> document(int i) {
    return new ProducerRecord<>(
        DOCUMENTS,
        i % Backlog.PARTITIONS,
        records.id(i),
        records.document(i).toJson().getBytes(UTF_8));
  }
}
