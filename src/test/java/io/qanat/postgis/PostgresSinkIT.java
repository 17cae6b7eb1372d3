package io.qanat.postgis;

import static io.qanat.deliver.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.deliver.BatchOutcome;
import io.qanat.deliver.Deadline;
import io.qanat.deliver.Event;
import io.qanat.kafka.Position;
import io.qanat.sandbox.PostgreSql;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresSinkIT {
  private static final String FLOW = "odd-things";
  private static final int NEVER = Integer.MAX_VALUE;
  private static final JsonMapper JSON = new JsonMapper();

  private static final String MIGRATION =
      """
      create table thing (
        id bigint not null, day int not null default 0, at timestamptz, name text, size float8, weight real, ok boolean,
        extra jsonb, primary key (id, day), check (size < 1000)
      ) partition by list (day);
      create table thing_0 partition of thing for values in (0);
      """;

  private static final String MAPPING =
      """
      events: [thing.seen]
      columns:
        id: {type: bigint, from: id}
        day: {type: bigint, from: meta.day, absent: "null"}
        at: {type: timestamptz, from: at, absent: accepted-at}
        name: {type: text, from: name, absent: "null"}
        size: {type: double precision, from: size, absent: "null"}
        weight: {type: real, from: weight, absent: "null"}
        ok: {type: boolean, from: ok, absent: "null"}
        extra: {type: jsonb, from: extra, absent: "null"}
      settings:
        least: "{{least:1}}"
      before: select pg_advisory_xact_lock_shared(1)
      write: |
        with kept as (
          insert into thing select id, coalesce(day, 0), at, name, size, weight, ok, extra from :rows r
          where id >= :least::bigint
          :conflict
        )
        select ordinal, 'TOO_SMALL', format('%s is too small', id) from :rows r where id < :least::bigint
      conflict: on conflict (id, day) do nothing
      repair:
        "23514": |
          with missing as (
            select min(day) as day, count(distinct day) > 1 as more from :rows r
            where day <> 0 and to_regclass('thing_' || day) is null
          )
          select more, make_partition(day::int) from missing where day is not null
      """;

  private static final String MAKE_PARTITION =
      """
      create function make_partition(day int) returns void language plpgsql as $$
      begin
        if day > 0 then
          execute format('create table %I partition of thing for values in (%s)', 'thing_' || day, day);
        end if;
      end
      $$;
      """;

  private static Sandbox sandbox;
  private static PostgreSql server;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    sandbox = Sandbox.start(SandboxSettings.forTests(Server.POSTGRESQL));
    server = sandbox.postgreSql();
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @BeforeEach
  void empty() throws SQLException {
    execute("drop schema if exists \"%s\" cascade".formatted(FLOW));
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection(
        server.url() + "?currentSchema=" + FLOW + "&TimeZone=UTC", "qanat", "qanat");
  }

  private static List<String> select(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }

  private PostgresSink sink(int copyFrom) {
    return sink(copyFrom, MIGRATION + MAKE_PARTITION);
  }

  private PostgresSink sink(int copyFrom, String migration) {
    return sink(copyFrom, migration, MAPPING);
  }

  private PostgresSink sink(int copyFrom, String migration, String rows) {
    Path mapping = folder.resolve("things.mapping.yaml");
    try {
      Files.createDirectories(folder.resolve("migrations"));
      Files.writeString(folder.resolve("migrations/V1__things.sql"), migration);
      Files.writeString(mapping, rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    DefaultCamelContext camel = new DefaultCamelContext();
    camel.getRegistry().bind("databases", databases());
    PostgresSink sink = new PostgresSink();
    sink.setCamelContext(camel);
    sink.setFlow(FLOW);
    sink.setMapping("file:" + mapping);
    sink.setCopyFrom(copyFrom);
    sink.start();
    return sink;
  }

  private Databases databases() {
    return new Databases(
        new PostgresqlProperties(server.url(), "qanat", "qanat", 2, true, Duration.ofSeconds(5)),
        flow -> folder);
  }

  private static List<Event> events(String... data) {
    return IntStream.range(0, data.length)
        .mapToObj(
            i ->
                new Event(
                    new Position("qanat.things", 0, i),
                    "k",
                    "e" + i,
                    "thing.seen",
                    Instant.parse("2026-10-05T10:00:00.123456Z"),
                    json(data[i])))
        .toList();
  }

  @Test
  void rejectsAnEventThatTheMappingDoesNotKnow() throws SQLException {
    PostgresSink sink = sink(NEVER);
    Event seen = events("{'id': 7}").get(0);
    Event gone =
        new Event(
            new Position("qanat.things", 0, 1),
            "k",
            "e1",
            "thing.gone",
            Instant.EPOCH,
            json("{'id': 8}"));

    assertThat(sink.write(List.of(seen, gone), Deadline.NEVER))
        .delivered(0)
        .rejected(1, "UNKNOWN_EVENT_TYPE");
    assertThat(select("select id from thing")).containsExactly("7");
  }

  @Test
  void givesUpAServerThatIsGoneWithoutAWord() throws SQLException {
    try (Connection connection = databases().connect(FLOW)) {
      assertThat(connection.getNetworkTimeout()).isEqualTo(15_000);
    }
  }

  private static ObjectNode json(String data) {
    try {
      return (ObjectNode) JSON.readTree(data.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BatchOutcome write(PostgresSink sink, String... data) {
    return sink.write(events(data), Deadline.NEVER);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, NEVER})
  void writesEachTypeOfValue(int copyFrom) throws SQLException {
    PostgresSink sink = sink(copyFrom);

    BatchOutcome outcome =
        write(
            sink,
            "{'id': 9223372036854775807}",
            "{'id': '2', 'at': '0001-01-01T00:00:00', 'name': 'Zoë 𝄞', 'size': '-1e-7', 'weight': 0.1, 'ok': true}",
            "{'id': 3, 'at': '9999-12-31T23:59:59.999999-01:00', 'name': '', 'size': -1e308, 'ok': false}",
            "{'id': 4, 'extra': {'a': [1, null, 'x']}, 'name': null, 'meta': {'day': 0}}");

    assertThat(outcome).delivered(0, 1, 2, 3);
    assertThat(select("select row(thing.*)::text from thing order by id"))
        .containsExactly(
            "(2,0,\"0001-01-01 00:00:00+00\",\"Zoë 𝄞\",-1e-07,0.1,t,)",
            "(3,0,\"10000-01-01 00:59:59.999999+00\",\"\",-1e+308,,f,)",
            "(4,0,\"2026-10-05 10:00:00.123456+00\",,,,,\"{\"\"a\"\": [1, null, \"\"x\"\"]}\")",
            "(9223372036854775807,0,\"2026-10-05 10:00:00.123456+00\",,,,,)");
    assertThat(write(sink, "{'id': 2, 'name': 'again'}")).delivered(0);
    assertThat(select("select name from thing where id = 2")).containsExactly("Zoë 𝄞");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'id': null}",
        "{'id': 1.5}",
        "{'id': 9223372036854775808}",
        "{'id': 1e999999999}",
        "{'id': 'x'}",
        "{'id': [1]}",
        "{'id': 1, 'at': 'today'}",
        "{'id': 1, 'at': 5}",
        "{'id': 1, 'name': 'a\\u0000b'}",
        "{'id': 1, 'name': 5}",
        "{'id': 1, 'size': 1e400}",
        "{'id': 1, 'size': 'NaN'}",
        "{'id': 1, 'weight': 1e39}",
        "{'id': 1, 'ok': 'yes'}",
        "{'id': 1, 'extra': {'a': '\\u0000'}}",
      })
  void rejectsAValueThatIsNoneOfItsColumnAlone(String data) throws SQLException {
    assertThat(write(sink(NEVER), "{'id': 7}", data, "{'id': 8}"))
        .delivered(0, 2)
        .rejected(1, "INVALID_VALUE");
    assertThat(select("select id from thing order by id")).containsExactly("7", "8");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, NEVER})
  void rejectsWhatTheStatementRefuses(int copyFrom) {
    assertThat(write(sink(copyFrom), "{'id': 7}", "{'id': 0}", "{'id': -1}", "{'id': 8}"))
        .delivered(0, 3)
        .rejected(1, "TOO_SMALL")
        .rejected(2, "TOO_SMALL");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, NEVER})
  void findsTheOneRowThatBreaksAConstraint(int copyFrom) throws SQLException {
    String[] data =
        IntStream.range(0, 100)
            .mapToObj(i -> "{'id': %d, 'size': %d}".formatted(i + 1, i == 61 ? 1000 : 1))
            .toArray(String[]::new);

    assertThat(write(sink(copyFrom), data))
        .delivered(LongStream.range(0, 100).filter(i -> i != 61).toArray())
        .rejected(61, "SQLSTATE_23514");
    assertThat(select("select count(*) from thing")).containsExactly("99");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, NEVER})
  void repairsWhatCanBeAndTriesAgain(int copyFrom) throws SQLException {
    PostgresSink sink = sink(copyFrom);

    assertThat(
            write(
                sink,
                "{'id': 1, 'meta': {'day': 3}}",
                "{'id': 2}",
                "{'id': 3, 'meta': {'day': 5}}",
                "{'id': 4, 'meta': {'day': 5}}"))
        .delivered(0, 1, 2, 3);
    assertThat(select("select tableoid::regclass from thing order by id"))
        .containsExactly("thing_3", "thing_0", "thing_5", "thing_5");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, NEVER})
  void looksForRowsThatAreThereOnlyOnceItMetSome(int copyFrom) throws SQLException {
    PostgresSink sink =
        sink(
            copyFrom,
            MIGRATION
                + MAKE_PARTITION
                + """
                create sequence attempts;
                create function attempt() returns trigger language plpgsql as $$
                begin
                  perform nextval('attempts');
                  return null;
                end
                $$;
                create trigger attempt before insert on thing for each statement execute function attempt();
                """);

    assertThat(write(sink, "{'id': 1}", "{'id': 2}")).delivered(0, 1);
    assertThat(select("select last_value from attempts")).containsExactly("1");
    assertThat(write(sink, "{'id': 2}", "{'id': 3}", "{'id': 3}")).delivered(0, 1, 2);
    assertThat(select("select last_value from attempts")).containsExactly("3");
    assertThat(write(sink, "{'id': 3}", "{'id': 4}")).delivered(0, 1);
    assertThat(select("select last_value from attempts")).containsExactly("4");
    assertThat(select("select id from thing order by id")).containsExactly("1", "2", "3", "4");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, NEVER})
  void repairsWhereRowsAreThereToo(int copyFrom) throws SQLException {
    PostgresSink sink = sink(copyFrom);
    write(sink, "{'id': 1}");

    assertThat(write(sink, "{'id': 1}", "{'id': 2, 'meta': {'day': 3}}")).delivered(0, 1);
    assertThat(select("select tableoid::regclass from thing order by id"))
        .containsExactly("thing_0", "thing_3");
  }

  @Test
  void rejectsARowThatIsThereAlreadyWhereTheMappingDoesNotExpectIt() {
    String unaware = MAPPING.replaceAll("(?m)^ *:?conflict.*\n", "");
    PostgresSink sink = sink(NEVER, MIGRATION + MAKE_PARTITION, unaware);
    write(sink, "{'id': 1}");

    assertThat(write(sink, "{'id': 1}", "{'id': 2}")).delivered(1).rejected(0, "SQLSTATE_23505");
  }

  @Test
  void saysThatAConflictIsMeantButNotSaid() {
    assertThatThrownBy(() -> sink(NEVER, MIGRATION, MAPPING.replaceAll("(?m)^conflict.*\n", "")))
        .hasMessageContainingAll("things.mapping.yaml:", ":conflict", "both or neither");
  }

  @Test
  void rejectsARowThatNoRepairHelps() {
    assertThat(write(sink(NEVER), "{'id': 1, 'meta': {'day': -1}}", "{'id': 2}"))
        .delivered(1)
        .rejected(0, "SQLSTATE_23514");
  }

  @Test
  void holdsTheBatchWhileThereIsNoServerAndLeavesNothingOpen() throws SQLException {
    PostgresSink sink = sink(NEVER);
    assertThat(write(sink, "{'id': 1}")).delivered(0);
    server.stop();

    assertThat(write(sink, "{'id': 2}", "{'id': 3}"))
        .held(0, "POSTGRESQL_UNAVAILABLE")
        .held(1, "POSTGRESQL_UNAVAILABLE");

    server.start();
    assertThat(write(sink, "{'id': 2}", "{'id': 3}")).delivered(0, 1);
    assertThat(select("select count(*) from pg_stat_activity where state like 'idle in %'"))
        .containsExactly("0");
  }

  @Test
  void startsWithoutAServerAndMigratesOnceThereIsOne() throws SQLException {
    server.stop();
    PostgresSink sink = sink(NEVER);
    assertThat(write(sink, "{'id': 2}")).held(0, "POSTGRESQL_UNAVAILABLE");

    server.start();

    assertThat(write(sink, "{'id': 2}")).delivered(0);
  }

  @Test
  void holdsWhatADeadlockOrATimeoutEnded() throws SQLException {
    PostgresSink sink = sink(NEVER);
    assertThat(write(sink, "{'id': 1}")).delivered(0);
    for (String state : List.of("40P01", "40001", "57014", "53300", "57P01")) {
      execute("drop trigger if exists fail on thing_0");
      execute(
          """
          create or replace function fail() returns trigger language plpgsql as $$
          begin
            raise exception 'as asked' using errcode = '%s';
          end
          $$
          """
              .formatted(state));
      execute("create trigger fail before insert on thing_0 for each row execute function fail()");

      assertThat(write(sink, "{'id': 2}")).held(0, "POSTGRESQL_UNAVAILABLE");
    }
  }

  @Test
  void holdsEverythingWhileTheSchemaIsWrong() {
    PostgresSink sink = sink(NEVER, "create table thong (id bigint);");

    assertThat(write(sink, "{'id': 2}")).held(0, "POSTGRESQL_STATEMENT");
  }
}
