package io.qanat.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Who met whom on a day in a crowded hall: the flow's search beside others over geographies, in one
 * database and with the same answers.
 */
class ConnectionsBench {
  private static final int[] DISTANCES = {5, 10, 20, 50};
  private static final double SAME_METRES = 0.01;
  private static final int MOST_BUFFERS = 1_200;
  private static final int TIMES = 20;
  private static final Duration UNLIMITED = Duration.ofDays(1);

  private static final ContactSearch FLOW =
      ContactSearch.oneStatement("the flow's", "contacts(?, ?, ?, ?::interval, ?, false)");

  /** The last is what a geometry column comes to whose index does not fit the condition. */
  private static final List<ContactSearch> OTHERS =
      List.of(
          ContactSearch.oneStatement(
              "GiST, one statement", "contacts_by_gist('hall', ?, ?, ?, ?::interval, ?)"),
          ContactSearch.oneStatement(
              "GiST in days, one statement",
              "contacts_by_gist('hall_in_days', ?, ?, ?, ?::interval, ?)"),
          ContactSearch.onePerLocation("GiST, a query per location", "hall", "l.point"),
          ContactSearch.onePerLocation(
              "no index, a query per location", "hall", "l.point::geometry::geography"));

  private final Random random = new Random(5);
  private final Report report =
      new Report(
          "Whom a person met on a day, within 5 minutes, in a hall of 10,000 people",
          "%d people at each distance, %d rounds, a search ends when it has taken %d s (0 people: before it answered)"
              .formatted(
                  BenchSettings.persons(),
                  BenchSettings.rounds(),
                  BenchSettings.limit().toSeconds()));
  private final List<String> conclusions = new ArrayList<>();

  @Test
  void findsWhomAPersonMetInFewPages() throws Exception {
    try (Sandbox sandbox = Sandbox.start(SandboxSettings.forTests(Server.POSTGRESQL))) {
      assumeTrue(sandbox.postgreSql().hasPostgis(), "there is no PostGIS to compare with");
      try (Hall hall = Hall.open(sandbox.properties())) {
        report.row(
            "rows",
            "metres",
            "search",
            "people",
            "p50 ms",
            "p95 ms",
            "buffers p50",
            "buffers p95",
            "times the flow's p50");
        try {
          for (long rows : BenchSettings.rows()) {
            hall.fill(rows);
            conclusions.add(hall.loaded());
            for (int metres : DISTANCES) {
              measure(hall, rows, metres);
            }
          }
          conclusions.add(hall.settings());
        } finally {
          conclusions.forEach(report::line);
          report.write("connections.md");
        }
      }
    }
  }

  private void measure(Hall hall, long rows, int metres) throws SQLException {
    List<Visit> warmUps = visits(hall);
    List<Visit> visits = visits(hall);
    MeasuredSearch flow = new MeasuredSearch(FLOW, metres, UNLIMITED);
    List<MeasuredSearch> all =
        Stream.concat(
                Stream.of(flow),
                OTHERS.stream()
                    .map(other -> new MeasuredSearch(other, metres, BenchSettings.limit())))
            .toList();
    for (MeasuredSearch search : all) {
      search.warmUp(hall.connection(), warmUps);
    }
    List<MeasuredSearch> turns = new ArrayList<>(all);
    for (int round = 0; round < BenchSettings.rounds(); round++) {
      for (Visit visit : visits) {
        Map<MeasuredSearch, Map<Long, Double>> answers = new LinkedHashMap<>();
        for (MeasuredSearch search : turns) {
          search.ask(hall.connection(), visit).ifPresent(met -> answers.put(search, met));
        }
        Collections.rotate(turns, 1);
        assertThat(answers).as("the flow's answer in time").containsKey(flow);
        answers.forEach((search, met) -> assertSame(search, met, answers.get(flow)));
      }
    }
    all.forEach(search -> tell(rows, metres, search, flow));
    if (metres == DISTANCES[0]) {
      all.subList(1, 3).forEach(gist -> conclude(rows, flow, gist));
    }
  }

  private List<Visit> visits(Hall hall) {
    return Stream.generate(() -> hall.visit(random))
        .distinct()
        .limit(BenchSettings.persons())
        .toList();
  }

  private static void assertSame(
      MeasuredSearch search, Map<Long, Double> met, Map<Long, Double> expected) {
    assertThat(met.keySet())
        .as("whom a person met, by %s", search.name())
        .isNotEmpty()
        .isEqualTo(expected.keySet());
    met.forEach(
        (person, metres) ->
            assertThat(metres).isCloseTo(expected.get(person), within(SAME_METRES)));
  }

  private void tell(long rows, int metres, MeasuredSearch search, MeasuredSearch flow) {
    report.row(
        "%,d".formatted(rows),
        Integer.toString(metres),
        search.name(),
        Integer.toString(search.answered()),
        cell("%,.1f", search.millis(0.5)),
        cell("%,.1f", search.millis(0.95)),
        cell("%,.0f", search.buffers(0.5)),
        cell("%,.0f", search.buffers(0.95)),
        cell("%.1f", search.times(flow)));
  }

  private static String cell(String format, double value) {
    return Double.isNaN(value) ? "" : format.formatted(value);
  }

  private void conclude(long rows, MeasuredSearch flow, MeasuredSearch gist) {
    conclusions.add(
        "%,d rows, 5 m: %,.0f buffers at p50, %,.0f at p95, %,.0f at most (wanted: fewer than %,d); %s %s (wanted: %d times)."
            .formatted(
                rows,
                flow.buffers(0.5),
                flow.buffers(0.95),
                flow.buffers(1),
                MOST_BUFFERS,
                gist.name(),
                gist.answered() == 0
                    ? "did not answer in time"
                    : "takes %.1f times as long".formatted(gist.times(flow)),
                TIMES));
  }
}
