package io.qanat.postgis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.qanat.sandbox.PostgreSql;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whom a person met, beside a program that measures every pair of locations with PostGIS, on the
 * spheroid.
 */
class ConnectionsIT {
  private static final Path ROUTES = Path.of("routes/locations");
  private static final JsonMapper JSON = new JsonMapper();
  private static final int HALLS = 200;
  private static final int PEOPLE = 12;
  private static final int PINGS = 10;
  private static final double SPHERE = 6_371_000;
  // The chord and the geodesic differ by less; a pair nearer to the limit than this could fall
  // either way.
  private static final double UNDECIDED_METRES = 0.002;

  private static Sandbox sandbox;
  private static Databases databases;
  private static NamedSql connections;

  @BeforeAll
  static void start() throws IOException {
    sandbox = Sandbox.start(SandboxSettings.forTests(Server.POSTGRESQL));
    PostgreSql server = sandbox.postgreSql();
    databases =
        new Databases(
            new PostgresqlProperties(
                server.url(), "qanat", "qanat", 2, true, Duration.ofSeconds(30)),
            flow -> ROUTES);
    connections = new NamedSql(Files.readString(ROUTES.resolve("queries/connections.sql")));
    assumeTrue(server.hasPostgis(), "without PostGIS there is nothing to compare with");
  }

  @AfterAll
  static void stop() {
    databases.close();
    sandbox.close();
  }

  /** Where a hall is; the odd ones are where longitudes are odd. */
  private static double[] centre(int hall, Random random) {
    return switch (hall % 8) {
      case 0 -> new double[] {random.nextDouble(-180, 180), 90};
      case 1 -> new double[] {random.nextDouble(-180, 180), -90};
      case 2 -> new double[] {random.nextDouble(-180, 180), 89.9995};
      case 3 -> new double[] {180, random.nextDouble(-85, 85)};
      case 4 -> new double[] {-179.9999, random.nextDouble(-85, 85)};
      case 5 -> new double[] {random.nextDouble(-180, 180), 0};
      default -> new double[] {random.nextDouble(-180, 180), random.nextDouble(-89, 89)};
    };
  }

  /** A point so far from another in a direction, on a sphere: good enough for making places up. */
  private static double[] away(double[] from, double metres, double bearing) {
    double d = metres / SPHERE;
    double lat = Math.toRadians(from[1]);
    double sin = Math.sin(lat) * Math.cos(d) + Math.cos(lat) * Math.sin(d) * Math.cos(bearing);
    double to = Math.asin(Math.max(-1, Math.min(1, sin)));
    double lon =
        Math.toRadians(from[0])
            + Math.atan2(
                Math.sin(bearing) * Math.sin(d) * Math.cos(lat), Math.cos(d) - Math.sin(lat) * sin);
    return new double[] {Math.IEEEremainder(Math.toDegrees(lon), 360), Math.toDegrees(to)};
  }

  /** A ping of another person beside one of the person's own. */
  private record Pair(long person, long location, Instant time, double metres, Duration apart) {}

  /** What a search tells of a person who was met. */
  private record Contact(Instant first, Instant last, long samples, double metres) {}

  @Test
  void findsExactlyWhomAnExhaustiveSearchFinds() throws SQLException, IOException {
    Random random = new Random(20261122);
    Map<String, Integer> met = new TreeMap<>();
    try (Connection connection = databases.connect("locations")) {
      for (int hall = 0; hall < HALLS; hall++) {
        LocalHall made = fill(connection, hall, random);
        for (long person : List.of(made.people().get(0), made.people().get(PEOPLE / 2))) {
          List<Pair> pairs = pairs(connection, person, made);
          for (String window : List.of("any", "PT5M", "PT1M30S", "PT0S")) {
            double distance = decided(pairs, random);
            Map<Long, Contact> found = found(connection, person, made, distance, window);
            Map<Long, Contact> expected = expected(pairs, distance, window);

            assertThat(found.keySet())
                .as("hall %d, person %d, %s m, %s", hall, person, distance, window)
                .isEqualTo(expected.keySet());
            expected.forEach(
                (other, contact) -> {
                  assertThat(found.get(other).first()).isEqualTo(contact.first());
                  assertThat(found.get(other).last()).isEqualTo(contact.last());
                  assertThat(found.get(other).samples()).isEqualTo(contact.samples());
                  assertThat(found.get(other).metres()).isCloseTo(contact.metres(), within(0.002));
                });
            met.merge(window, found.size(), Integer::sum);
          }
        }
      }
    }
    assertThat(met.values()).as("met: %s", met).allMatch(n -> n > 10);
  }

  /** A hall's day and its people. */
  private record LocalHall(String day, List<Long> people) {}

  private LocalHall fill(Connection connection, int hall, Random random) throws SQLException {
    double[] centre = centre(hall, random);
    Instant open = Instant.parse("2020-01-01T23:40:00Z").plus(Duration.ofDays(2L * hall));
    List<Long> people = new ArrayList<>();
    List<String> rows = new ArrayList<>();
    for (int p = 0; p < PEOPLE; p++) {
      long id = hall * 100L + p + 1;
      people.add(id);
      for (int i = 0; i < PINGS; i++) {
        double[] place =
            away(centre, 60 * Math.sqrt(random.nextDouble()), random.nextDouble(2 * Math.PI));
        rows.add(
            "(%d, '%s', %s, %s)"
                .formatted(id, open.plusSeconds(random.nextInt(1_800)), place[0], place[1]));
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "insert into person (id, first_name, last_name, company_name) values "
              + people.stream()
                  .map("(%d, 'a', 'b', 'c')"::formatted)
                  .collect(Collectors.joining(",")));
      String values = String.join(",", rows);
      statement.execute(
          "select make_partitions(array_agg(ts::timestamptz), '100 years') from (values %s) as v (p, ts, lon, lat)"
              .formatted(values));
      statement.execute(
          """
          insert into location (id, person_id, ts, lon, lat, cell)
          select location_id(ts::timestamptz), p, ts::timestamptz, lon, lat, cell_at(cell_row(lat), cell_columns(cell_row(lat)), lon)
          from (values %s) as v (p, ts, lon, lat)
          """
              .formatted(values));
    }
    return new LocalHall(open.toString().substring(0, 10), people);
  }

  /** Every ping of others beside every ping of the person on the hall's first day. */
  private static List<Pair> pairs(Connection connection, long person, LocalHall hall)
      throws SQLException {
    List<Pair> pairs = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                """
                select q.person_id, q.ts, st_distance(p.point, q.point, true),
                  extract(epoch from q.ts - p.ts), q.ts < '%2$s'::date + 1, q.id
                from location_point p cross join location_point q
                where p.person_id = %1$d and p.ts >= '%2$s' and p.ts < date '%2$s' + 1
                  and q.ts >= '%2$s' and q.ts < date '%2$s' + 2
                  and q.person_id between %3$d and %4$d and q.person_id <> p.person_id
                """
                    .formatted(
                        person, hall.day(), hall.people().get(0), hall.people().get(PEOPLE - 1)))) {
      while (result.next()) {
        long seconds = Math.abs(result.getLong(4));
        pairs.add(
            new Pair(
                result.getLong(1),
                result.getLong(6),
                result.getTimestamp(2).toInstant(),
                result.getDouble(3),
                // Of any time means of any time of the range.
                result.getBoolean(5) ? Duration.ofSeconds(seconds) : Duration.ofSeconds(-seconds)));
      }
    }
    return pairs;
  }

  private static double decided(List<Pair> pairs, Random random) {
    while (true) {
      double distance = random.nextDouble(1, 60);
      if (pairs.stream().noneMatch(p -> Math.abs(p.metres() - distance) < UNDECIDED_METRES)) {
        return distance;
      }
    }
  }

  private static Map<Long, Contact> expected(List<Pair> pairs, double distance, String window) {
    Map<Long, List<Pair>> near = new HashMap<>();
    for (Pair pair : pairs) {
      boolean soon =
          window.equals("any")
              ? !pair.apart().isNegative()
              : pair.apart().abs().compareTo(Duration.parse(window)) <= 0;
      if (soon && pair.metres() <= distance) {
        near.computeIfAbsent(pair.person(), p -> new ArrayList<>()).add(pair);
      }
    }
    Map<Long, Contact> contacts = new HashMap<>();
    near.forEach(
        (person, of) ->
            contacts.put(
                person,
                new Contact(
                    of.stream().map(Pair::time).min(Instant::compareTo).orElseThrow(),
                    of.stream().map(Pair::time).max(Instant::compareTo).orElseThrow(),
                    of.stream().map(Pair::location).distinct().count(),
                    of.stream().mapToDouble(Pair::metres).min().orElseThrow())));
    return contacts;
  }

  private static Map<Long, Contact> found(
      Connection connection, long person, LocalHall hall, double distance, String window)
      throws SQLException, IOException {
    Map<String, @Nullable String> asked = new HashMap<>();
    asked.put("id", Long.toString(person));
    asked.put("start_date", hall.day());
    asked.put("end_date", hall.day());
    asked.put("distance", Double.toString(distance));
    asked.put("window", window);
    Map<Long, Contact> found = new HashMap<>();
    try (var statement = connections.prepare(connection, asked);
        ResultSet result = statement.executeQuery()) {
      assertThat(result.next()).isTrue();
      for (JsonNode contact : JSON.readTree(result.getString("body"))) {
        found.put(
            contact.at("/person/id").asLong(),
            new Contact(
                Instant.parse(contact.path("first_seen").asText()),
                Instant.parse(contact.path("last_seen").asText()),
                contact.path("samples").asLong(),
                contact.path("min_distance_m").asDouble()));
      }
    }
    return found;
  }
}
