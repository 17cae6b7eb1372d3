package io.qanat.postgis;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Takes batches of rows to PostgreSQL, each in one transaction: a few as arrays that {@code unnest}
 * takes apart, many by COPY into a temporary table.
 */
final class RowWriter {
  private static final AtomicInteger TABLES = new AtomicInteger();
  private static final int BYTES_PER_ROW = 80;
  // Where one row is there already, others are: after a crash, or where a client sends twice.
  private static final int CAREFUL_BATCHES = 100;
  // What every binary COPY begins with: signature, flags, extension.
  private static final byte[] COPY_HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private final Databases databases;
  private final String flow;
  private final RowMapping mapping;
  private final int copyFrom;
  private final AtomicInteger careful = new AtomicInteger();
  private final String table = "incoming_" + TABLES.incrementAndGet();

  /**
   * @param copyFrom from how many rows on COPY is used
   */
  RowWriter(Databases databases, String flow, RowMapping mapping, int copyFrom) {
    this.databases = databases;
    this.flow = flow;
    this.mapping = mapping;
    this.copyFrom = copyFrom;
  }

  /**
   * Writes the rows, all or none, and tells which of them the statement did not take in.
   *
   * @throws SQLException if none was written, as far as is known
   */
  List<Refusal> write(List<Row> rows) throws SQLException {
    return write(rows, new HashSet<>());
  }

  /**
   * @param mended what has been done something about
   */
  private List<Refusal> write(List<Row> rows, Set<String> mended) throws SQLException {
    boolean looks = careful.getAndUpdate(batches -> Math.max(0, batches - 1)) > 0;
    try {
      return inTransaction(mapping.write(looks), rows, RowWriter::refusals);
    } catch (SQLException e) {
      if (!mended.add(PostgresErrors.state(e)) || !mend(e, rows)) {
        throw e;
      }
      return write(rows, mended);
    }
  }

  /** Does something about an error, if anything can be done. */
  private boolean mend(SQLException e, List<Row> rows) throws SQLException {
    if (PostgresErrors.isDuplicate(e) && mapping.conflict() != null) {
      careful.set(CAREFUL_BATCHES);
      return true;
    }
    String repair = mapping.repair().get(PostgresErrors.state(e));
    if (repair == null) {
      return false;
    }
    boolean more = true;
    while (more) {
      more = inTransaction(repair, rows, result -> result.next() && result.getBoolean(1));
    }
    return true;
  }

  /** Reads what a statement answers. */
  private interface Reader<T> {
    T read(ResultSet result) throws SQLException;
  }

  private static List<Refusal> refusals(ResultSet result) throws SQLException {
    List<Refusal> refusals = new ArrayList<>();
    while (result.next()) {
      String message = result.getString(3);
      refusals.add(
          new Refusal(result.getInt(1), result.getString(2), message == null ? "" : message));
    }
    return refusals;
  }

  /** The pool rolls back what was not committed. */
  private <T> T inTransaction(String sql, List<Row> rows, Reader<T> reader) throws SQLException {
    try (Connection connection = databases.connect(flow)) {
      connection.setAutoCommit(false);
      Map<String, Object> parameters = new HashMap<>(mapping.settings());
      if (mapping.before() != null) {
        execute(connection, mapping.before(), parameters, ResultSet::next);
      }
      String relation =
          rows.size() < copyFrom ? arrays(connection, rows, parameters) : copy(connection, rows);
      T answer = execute(connection, sql.replace(":rows", relation), parameters, reader);
      connection.commit();
      return answer;
    }
  }

  private static <T> T execute(
      Connection connection, String sql, Map<String, Object> parameters, Reader<T> reader)
      throws SQLException {
    try (var statement = new NamedSql(sql).prepare(connection, parameters);
        ResultSet result = statement.executeQuery()) {
      return reader.read(result);
    }
  }

  private String arrays(Connection connection, List<Row> rows, Map<String, Object> parameters)
      throws SQLException {
    List<Column> columns = mapping.columns();
    for (int c = 0; c < columns.size(); c++) {
      ColumnType type = columns.get(c).type();
      Object[] values = (Object[]) Array.newInstance(type.javaType(), rows.size());
      for (int r = 0; r < values.length; r++) {
        values[r] = rows.get(r).values().get(c);
      }
      parameters.put(
          "rows_" + columns.get(c).name(), connection.createArrayOf(type.arrayElement(), values));
    }
    String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
    return "(select %s, ordinal from unnest(%s) with ordinality as u (%s, ordinal))"
        .formatted(
            columns.stream()
                .map(c -> c.type().column(c.name()) + " as " + c.name())
                .collect(Collectors.joining(", ")),
            columns.stream()
                .map(c -> ":rows_%s::%s[]".formatted(c.name(), c.type().arrayElement()))
                .collect(Collectors.joining(", ")),
            names);
  }

  private String copy(Connection connection, List<Row> rows) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "create temporary table if not exists %s (ordinal bigint, %s) on commit delete rows"
              .formatted(
                  table,
                  mapping.columns().stream()
                      .map(c -> c.name() + " " + c.type().sql())
                      .collect(Collectors.joining(", "))));
    }
    byte[] bytes = binary(rows);
    CopyIn in =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("copy %s from stdin (format binary)".formatted(table));
    try {
      in.writeToCopy(bytes, 0, bytes.length);
      in.endCopy();
    } finally {
      if (in.isActive()) {
        in.cancelCopy();
      }
    }
    return table;
  }

  private byte[] binary(List<Row> rows) {
    var bytes = new ByteArrayOutputStream(COPY_HEADER.length + rows.size() * BYTES_PER_ROW);
    try (var out = new DataOutputStream(bytes)) {
      out.write(COPY_HEADER);
      long ordinal = 1;
      for (Row row : rows) {
        out.writeShort(mapping.columns().size() + 1);
        ColumnType.BIGINT.copy(out, ordinal++);
        for (int c = 0; c < row.values().size(); c++) {
          @Nullable Object value = row.values().get(c);
          if (value == null) {
            out.writeInt(-1);
          } else {
            mapping.columns().get(c).type().copy(out, value);
          }
        }
      }
      out.writeShort(-1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
