package io.qanat.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A way to find whom a person met: within some metres, and no more than five minutes apart. */
abstract class ContactSearch {
  private static final String EXPLAIN = "explain (analyze, buffers, timing off, format json) ";
  private static final Duration APART = Duration.ofMinutes(5);

  private final String name;

  private ContactSearch(String name) {
    this.name = name;
  }

  /** A function that answers in one statement, and how it is called. */
  static ContactSearch oneStatement(String name, String call) {
    return new OneStatement(name, "select person_id, metres from " + call);
  }

  /** A statement for each of the person's own locations, each a round trip. */
  static ContactSearch onePerLocation(String name, String table, String point) {
    return new OnePerLocation(name, table, point);
  }

  String name() {
    return name;
  }

  /** Whom the person met, and how close they came, in metres. */
  Map<Long, Double> find(Connection connection, Visit visit, int metres) throws SQLException {
    Map<Long, Double> met = new HashMap<>();
    run(connection, "", visit, metres, r -> met.merge(r.getLong(1), r.getDouble(2), Math::min));
    return met;
  }

  /** How many pages of shared memory it looks at for that; of functions, their statements' too. */
  long buffers(Connection connection, Visit visit, int metres) throws SQLException {
    long[] buffers = new long[1];
    run(connection, EXPLAIN, visit, metres, r -> buffers[0] += buffers(r.getString(1)));
    return buffers[0];
  }

  private static long buffers(String explained) {
    try {
      JsonNode plan = new JsonMapper().readTree(explained).at("/0/Plan");
      return plan.path("Shared Hit Blocks").longValue()
          + plan.path("Shared Read Blocks").longValue();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(explained, e);
    }
  }

  /** What is done with a row. */
  private interface RowReader {
    void read(ResultSet row) throws SQLException;
  }

  abstract void run(Connection connection, String prefix, Visit visit, int metres, RowReader rows)
      throws SQLException;

  private static void read(PreparedStatement statement, RowReader rows) throws SQLException {
    try (ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        rows.read(result);
      }
    }
  }

  private static final class OneStatement extends ContactSearch {
    private final String sql;

    OneStatement(String name, String sql) {
      super(name);
      this.sql = sql;
    }

    @Override
    void run(Connection connection, String prefix, Visit visit, int metres, RowReader rows)
        throws SQLException {
      try (PreparedStatement statement = connection.prepareStatement(prefix + sql)) {
        statement.setLong(1, visit.person());
        statement.setObject(2, visit.first());
        statement.setObject(3, visit.after());
        statement.setString(4, APART.toString());
        statement.setDouble(5, metres);
        read(statement, rows);
      }
    }
  }

  private static final class OnePerLocation extends ContactSearch {
    private final String own;
    private final String near;

    OnePerLocation(String name, String table, String point) {
      super(name);
      own =
          """
          select ts, st_x(point::geometry), st_y(point::geometry)
          from %s
          where person_id = ? and ts >= ? and ts < ?
          """
              .formatted(table);
      near =
          """
          select l.person_id, st_distance(l.point, o.point)
          from (select st_setsrid(st_makepoint(?, ?), 4326)::geography as point) as o, %s l
          where st_dwithin(%s, o.point, ?) and l.ts >= ? and l.ts <= ? and l.person_id <> ?
          """
              .formatted(table, point);
    }

    private record Ping(OffsetDateTime ts, double lon, double lat) {}

    /** Explained, it goes without the pages of the person's own locations, which are few. */
    @Override
    void run(Connection connection, String prefix, Visit visit, int metres, RowReader rows)
        throws SQLException {
      long end = System.nanoTime() + BenchSettings.limit().toNanos();
      List<Ping> pings = new ArrayList<>();
      try (PreparedStatement statement = connection.prepareStatement(own)) {
        statement.setLong(1, visit.person());
        statement.setObject(2, visit.first());
        statement.setObject(3, visit.after());
        read(
            statement,
            r ->
                pings.add(
                    new Ping(
                        r.getObject(1, OffsetDateTime.class), r.getDouble(2), r.getDouble(3))));
      }
      for (Ping ping : pings) {
        if (System.nanoTime() > end) {
          throw new SQLException("No answer for one person within the limit", TOO_SLOW);
        }
        try (PreparedStatement statement = connection.prepareStatement(prefix + near)) {
          statement.setDouble(1, ping.lon());
          statement.setDouble(2, ping.lat());
          statement.setDouble(3, metres);
          statement.setObject(4, ping.ts().minus(APART));
          statement.setObject(5, ping.ts().plus(APART));
          statement.setLong(6, visit.person());
          read(statement, rows);
        }
      }
    }
  }

  /** The SQLSTATE of a search that took longer than it may: query_canceled. */
  static final String TOO_SLOW = "57014";
}
