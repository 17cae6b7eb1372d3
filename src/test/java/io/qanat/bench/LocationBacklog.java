package io.qanat.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Locations of people in a town in the last three days, in the order of their times: as rows, as
 * the events that the hub's accept routes publish, and as flat records for Kafka Connect.
 */
final class LocationBacklog {
  /** Where the events are. */
  static final String EVENTS = "qanat.locations";

  /** Where the flat records are. */
  static final String RECORDS = "records.locations";

  /**
   * What a flat record is, for Connect's JsonConverter. Debezium's unnest sends values as their
   * texts: of the kinds of times only this one arrives whole.
   */
  static final String RECORD_SCHEMA =
      """
      {"type":"struct","fields":[\
      {"field":"id","type":"int64"},{"field":"person_id","type":"int64"},\
      {"field":"ts","type":"string","name":"io.debezium.time.ZonedTimestamp","version":1},\
      {"field":"lon","type":"double"},{"field":"lat","type":"double"},\
      {"field":"accuracy","type":"float","optional":true},{"field":"cell","type":"int64"}]}""";

  private static final Duration SPAN = Duration.ofDays(3);
  private static final long DAYS_BEFORE_2000 = 10_957;
  private static final int LOCATIONS_PER_PERSON = 100;
  private static final double TOWN_DEGREES = 0.03;
  private static final double STRIDE_DEGREES = 0.0001;

  private final Instant start = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(SPAN);
  private final int people;
  private final List<Row> rows;

  /**
   * A row of the table.
   *
   * @param id with the day in it, as the flow's own function gives it
   * @param millis the time, since 1970
   */
  record Row(long id, long person, long millis, double lon, double lat, float accuracy, long cell) {
    int partition() {
      return (int) (person % Backlog.PARTITIONS);
    }

    Instant time() {
      return Instant.ofEpochMilli(millis);
    }
  }

  LocationBacklog(int size) {
    people = Math.max(Backlog.PARTITIONS, size / LOCATIONS_PER_PERSON);
    rows = new ArrayList<>(size);
    Random random = new Random(20261122);
    double[] lon = new double[people];
    double[] lat = new double[people];
    for (int p = 0; p < people; p++) {
      lon[p] = 11.1 + random.nextDouble() * TOWN_DEGREES;
      lat[p] = 49.4 + random.nextDouble() * TOWN_DEGREES;
    }
    for (int i = 0; i < size; i++) {
      int p = random.nextInt(people);
      lon[p] = rounded(lon[p] + random.nextGaussian() * STRIDE_DEGREES);
      lat[p] = rounded(lat[p] + random.nextGaussian() * STRIDE_DEGREES);
      long millis = start.toEpochMilli() + (long) (SPAN.toMillis() * ((double) i / size));
      long day = Math.floorDiv(millis, ChronoUnit.DAYS.getDuration().toMillis()) - DAYS_BEFORE_2000;
      float accuracy = 1 + random.nextInt(80) / 4f;
      rows.add(
          new Row(day << 38 | i, p + 1, millis, lon[p], lat[p], accuracy, cell(lon[p], lat[p])));
    }
  }

  private static double rounded(double degrees) {
    return Math.round(degrees * 1e7) / 1e7;
  }

  /** As {@code cell_at} of R__functions.sql. */
  private static long cell(double lon, double lat) {
    long row = (long) Math.floor((lat + 90) * 5120);
    long columns =
        Math.max(1, (long) Math.floor(1843200 * Math.cos(Math.toRadians((row + 0.5) / 5120 - 90))));
    return row << 21 | (long) Math.floor((lon + 180) / 360 * columns) % columns;
  }

  /** The rows, in the order of their times. */
  List<Row> rows() {
    return rows;
  }

  /** The rows of each Kafka partition, in order. */
  List<List<Row>> byPartition() {
    List<List<Row>> parts = new ArrayList<>();
    for (int p = 0; p < Backlog.PARTITIONS; p++) {
      parts.add(new ArrayList<>(rows.size() / Backlog.PARTITIONS + 1));
    }
    rows.forEach(row -> parts.get(row.partition()).add(row));
    return parts;
  }

  /** People have the ids from 1 on. */
  int people() {
    return people;
  }

  /** A moment of each day that has rows. */
  List<Instant> days() {
    return start
        .atZone(ZoneOffset.UTC)
        .toLocalDate()
        .datesUntil(LocalDate.ofInstant(start.plus(SPAN), ZoneOffset.UTC))
        .map(day -> day.atStartOfDay(ZoneOffset.UTC).toInstant())
        .toList();
  }

  /** Puts everything on Kafka. */
  void publish(Backlog backlog) throws ExecutionException, InterruptedException {
    backlog.topics(EVENTS, RECORDS);
    backlog.publish(
        Stream.concat(
            rows.stream().map(LocationBacklog::event), rows.stream().map(LocationBacklog::record)));
  }

  private static ProducerRecord<String, byte[]> event(Row row) {
    String key = Long.toString(row.person());
    String value =
        "{\"person_id\":%d,\"longitude\":%s,\"latitude\":%s,\"creation_time\":\"%s\",\"accuracy\":%s}"
            .formatted(row.person(), row.lon(), row.lat(), row.time(), row.accuracy());
    return Backlog.event(
        EVENTS,
        row.partition(),
        key,
        value,
        Map.of(
            "id",
            UUID.randomUUID().toString(),
            "type",
            "location.reported",
            "source",
            "/api/locations",
            "time",
            row.time().toString()));
  }

  private static ProducerRecord<String, byte[]> record(Row row) {
    String value =
        String.format(
            Locale.ROOT,
            "{\"id\":%d,\"person_id\":%d,\"ts\":\"%s\",\"lon\":%s,\"lat\":%s,\"accuracy\":%s,\"cell\":%d}",
            row.id(),
            row.person(),
            row.time(),
            row.lon(),
            row.lat(),
            row.accuracy(),
            row.cell());
    return new ProducerRecord<>(
        RECORDS, row.partition(), Long.toString(row.person()), value.getBytes(UTF_8));
  }
}
