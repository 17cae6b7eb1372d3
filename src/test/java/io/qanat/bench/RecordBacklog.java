package io.qanat.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * Readings of sensors, of about 400 bytes each: as the events that the hub's accept route of the
 * flow records publishes, and as documents in MongoDB's extended JSON for Kafka Connect.
 */
final class RecordBacklog {
  /** Where the events are. */
  static final String EVENTS = "qanat.records";

  /** Where the documents are. */
  static final String DOCUMENTS = "documents.records";

  private static final int SENSORS = 1_000;
  private static final long START = Instant.parse("2026-11-01T00:00:00Z").toEpochMilli();

  private final int size;

  RecordBacklog(int size) {
    this.size = size;
  }

  int size() {
    return size;
  }

  /** Puts everything on Kafka. */
  void publish(Backlog backlog) throws ExecutionException, InterruptedException {
    backlog.topics(EVENTS, DOCUMENTS);
    backlog.publish(Stream.concat(all().mapToObj(this::event), all().mapToObj(this::record)));
  }

  private IntStream all() {
    return IntStream.range(0, size);
  }

  /** The document that the i-th of them is to become. */
  BsonDocument document(int i) {
    return new BsonDocument("_id", new BsonString(id(i)))
        .append("data", BsonDocument.parse(data(i)))
        .append("added_at", new BsonDateTime(START + i));
  }

  private ProducerRecord<String, byte[]> event(int i) {
    return Backlog.event(
        EVENTS,
        i % Backlog.PARTITIONS,
        id(i),
        data(i),
        Map.of(
            "id",
            id(i),
            "type",
            "record.added",
            "source",
            "/data",
            "time",
            Instant.ofEpochMilli(START + i).toString()));
  }

  private ProducerRecord<String, byte[]> record(int i) {
    String value =
        "{\"_id\":\"%s\",\"data\":%s,\"added_at\":{\"$date\":\"%s\"}}"
            .formatted(id(i), data(i), Instant.ofEpochMilli(START + i));
    return new ProducerRecord<>(DOCUMENTS, i % Backlog.PARTITIONS, id(i), value.getBytes(UTF_8));
  }

  /** A UUIDv7. */
  private static String id(int i) {
    long millis = START + i;
    return "%08x-%04x-7%03x-8%03x-%012x"
        .formatted(millis >> 16, millis & 0xffff, i & 0xfff, i >> 12 & 0xfff, i * 0x9E3779B1L);
  }

  private static String data(int i) {
    return """
    {"kind":"reading","sensor":"sensor-%04d","site":{"name":"Hall %d","floor":%d,"tags":["north","cooled","line-%d"]},\
    "temperature":%d.%d5,"humidity":%d,"battery":3.%d,"firmware":"2.14.%d","count":%d,\
    "alarms":[{"code":"T%03d","since":"2026-10-%02dT08:00:00Z","acknowledged":%s}],"note":"taken by the round of the morning shift"}"""
        .formatted(
            i % SENSORS,
            i % 7,
            i % 4,
            i % 12,
            18 + i % 9,
            i % 10,
            40 + i % 31,
            1 + i % 8,
            i % 20,
            i,
            i % 500,
            1 + i % 28,
            i % 2 == 0);
  }
}
