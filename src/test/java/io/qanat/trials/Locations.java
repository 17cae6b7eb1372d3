package io.qanat.trials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Locations on their way to PostGIS. A key is a person, and every location of theirs is kept. The
 * number of a change is its accuracy.
 */
final class Locations implements TrialFlow {
  /** The flow. */
  static final Locations FLOW = new Locations();

  /** Stands in every coordinate; the hub's log must not hold it. */
  static final String PRIVATE = "11081508";

  private static final Instant KEPT = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NOT_KEPT = Instant.parse("1990-01-01T00:00:00Z");
  private static final Pattern SEQ = Pattern.compile("\"accuracy\": ?(\\d+)");
  private static final long FIRST_PERSON = 1_000_000_000;
  private static final int PEOPLE = 100_000;

  private final Map<String, Long> people = new ConcurrentHashMap<>();
  private final Map<String, String> keys = new ConcurrentHashMap<>();
  private final AtomicLong nextPerson = new AtomicLong(FIRST_PERSON);

  private Locations() {}

  @Override
  public String name() {
    return "locations";
  }

  @Override
  public String sink() {
    return "postgis";
  }

  @Override
  public String path() {
    return "/api/locations";
  }

  @Override
  public String eventType() {
    return "location.reported";
  }

  @Override
  public String key(String ledger, int n) {
    return ledger + "-" + n;
  }

  private long person(String key) {
    return people.computeIfAbsent(
        key,
        k -> {
          long person = nextPerson.getAndIncrement();
          keys.put(Long.toString(person), k);
          return person;
        });
  }

  private String key(String person) {
    return keys.getOrDefault(person, person);
  }

  @Override
  public String body(Change change, Random random) {
    return body(change, KEPT);
  }

  @Override
  public String refusedBody(Change change) {
    return body(change, NOT_KEPT);
  }

  private String body(Change change, Instant day) {
    return "{\"person_id\":%d,\"longitude\":\"8.%s\",\"latitude\":\"47.%s\",\"creation_time\":\"%s\",\"accuracy\":%d}"
        .formatted(
            person(change.key()), PRIVATE, PRIVATE, day.plusMillis(change.seq()), change.seq());
  }

  /** The row that a change becomes, as values of SQL: (id, person, time, place, accuracy, cell). */
  String row(Change change) {
    return "(0, %d, '%s', 8.%s, 47.%s, %d, 0)"
        .formatted(
            person(change.key()), KEPT.plusMillis(change.seq()), PRIVATE, PRIVATE, change.seq());
  }

  @Override
  public Change change(ConsumerRecord<byte[], byte[]> record) {
    String value = record.value() == null ? "" : new String(record.value(), UTF_8);
    Matcher seq = SEQ.matcher(value);
    return new Change(
        key(KafkaView.key(record)), seq.find() ? Integer.parseInt(seq.group(1)) : Change.NONE);
  }

  @Override
  public boolean keepsEveryChange() {
    return true;
  }

  @Override
  public Map<String, List<Integer>> stored(World world) {
    Map<String, List<Integer>> stored = new HashMap<>();
    for (List<String> row :
        world.postgresql().rows("select person_id, accuracy::int from locations.location")) {
      stored
          .computeIfAbsent(key(row.get(0)), k -> new ArrayList<>())
          .add(Integer.parseInt(row.get(1)));
    }
    return stored;
  }

  @Override
  public void refuseService(World world) {
    fault(world, "unavailable", Integer.MAX_VALUE);
  }

  @Override
  public void refuseRows(World world) {
    fault(world, "refused", Integer.MAX_VALUE);
  }

  /** Lets so many writes take ten seconds each. */
  void writeSlowly(World world, int times) {
    fault(world, "slow", times);
  }

  private static void fault(World world, String kind, int times) {
    world
        .postgresql()
        .execute("insert into locations.trial_fault values ('%s', %d)".formatted(kind, times));
  }

  @Override
  public void answerLate(World world, Duration delay) {
    // Or else it is the partition that the hub would wait for.
    world
        .postgresql()
        .execute(
            "set search_path = locations; select make_partitions(array['%s'::timestamptz], '10 years')"
                .formatted(KEPT));
    world.postgresql().holdCommits();
  }

  @Override
  public boolean struck(World world) {
    return count(world, "strikes") > 0 || world.postgresql().sessions("wait_event = 'SyncRep'") > 0;
  }

  @Override
  public int calls(World world) {
    return count(world, "calls");
  }

  @Override
  public int written(World world) {
    return count(world, "written");
  }

  private static int count(World world, String what) {
    return (int)
        world
            .postgresql()
            .number(
                "select case when is_called then last_value else 0 end from locations.trial_"
                    + what);
  }

  @Override
  public void recover(World world) {
    world.postgresql().releaseCommits();
    world
        .postgresql()
        .execute(
            """
            do $$
            begin
              if to_regclass('locations.trial_fault') is not null then
                delete from locations.trial_fault;
              end if;
            end
            $$
            """);
  }

  @Override
  public void reset(World world) {
    // The hub makes the schema when it is first asked.
    await("the schema is there")
        .atMost(Duration.ofMinutes(1))
        .until(() -> world.hub().status("/api/persons?limit=1") == 200);
    world.postgresql().execute(resource());
    world
        .postgresql()
        .execute(
            """
            insert into locations.person (id, first_name, last_name, company_name)
            select n, 'Ada', 'Lovelace', 'Analytical Engines'
            from generate_series(greatest(%d, (select max(id) + 1 from locations.person)), %d) as n
            """
                .formatted(FIRST_PERSON, nextPerson.get() + PEOPLE));
  }

  private static String resource() {
    try (InputStream sql = Locations.class.getResourceAsStream("/trials/locations.sql")) {
      return new String(sql.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
