package io.qanat.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a search came to, over some people at one distance, until it has taken too long. */
final class MeasuredSearch {
  private final ContactSearch search;
  private final int metres;
  private final Duration limit;
  private final Map<Visit, List<Double>> millis = new HashMap<>();
  private final Map<Visit, Long> buffers = new HashMap<>();
  private long nanos;
  private boolean tooSlow;

  /**
   * @param limit how long it may take for all people together
   */
  MeasuredSearch(ContactSearch search, int metres, Duration limit) {
    this.search = search;
    this.metres = metres;
    this.limit = limit;
  }

  String name() {
    return search.name();
  }

  /** Asks about other people than those that count, for at most half of its time. */
  void warmUp(Connection connection, List<Visit> others) throws SQLException {
    long end = System.nanoTime() + BenchSettings.limit().toNanos() / 2;
    for (Visit other : others) {
      if (!tooSlow && System.nanoTime() < end) {
        inTime(() -> search.find(connection, other, metres));
      }
    }
  }

  /** Whom the person met, if it may take the time for it, and finds it out in time. */
  Optional<Map<Long, Double>> ask(Connection connection, Visit visit) throws SQLException {
    if (tooSlow || nanos > limit.toNanos()) {
      return Optional.empty();
    }
    long start = System.nanoTime();
    Optional<Map<Long, Double>> met = inTime(() -> search.find(connection, visit, metres));
    if (met.isPresent()) {
      double took = (System.nanoTime() - start) / 1e6;
      millis.computeIfAbsent(visit, v -> new ArrayList<>()).add(took);
      if (!buffers.containsKey(visit)) {
        inTime(() -> search.buffers(connection, visit, metres))
            .ifPresent(seen -> buffers.put(visit, seen));
      }
    }
    nanos += System.nanoTime() - start;
    return met;
  }

  private interface Question<T> {
    T ask() throws SQLException;
  }

  /** What comes out, unless it takes too long: then this asks no more. */
  private <T> Optional<T> inTime(Question<T> question) throws SQLException {
    try {
      return Optional.of(question.ask());
    } catch (SQLException e) {
      if (!ContactSearch.TOO_SLOW.equals(e.getSQLState())) {
        throw e;
      }
      tooSlow = true;
      return Optional.empty();
    }
  }

  /** About how many people it gave an answer. */
  int answered() {
    return millis.size();
  }

  /** The time within which the given share of the people was answered, in milliseconds. */
  double millis(double share) {
    return Figures.quantile(all(), share);
  }

  private List<Double> all() {
    return millis.values().stream().flatMap(List::stream).toList();
  }

  /** How many pages it looked at for the given share of the people. */
  double buffers(double share) {
    return Figures.quantile(buffers.values(), share);
  }

  /** How many times the other's time it takes, for the people about whom both gave an answer. */
  double times(MeasuredSearch other) {
    List<Double> same = new ArrayList<>();
    millis.keySet().forEach(visit -> same.addAll(other.millis.get(visit)));
    return Figures.median(all()) / Figures.median(same);
  }
}
