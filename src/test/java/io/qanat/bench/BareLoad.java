package io.qanat.bench;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** Takes rows that are in memory into a table, with nothing but JDBC: what can be had at most. */
final class BareLoad {
  private static final int BATCH = 2_000;
  private static final int COPY_BATCH = 10_000;
  private static final int BYTES_PER_ROW = 96;
  private static final long MICROS_BEFORE_2000 =
      Instant.parse("2000-01-01T00:00:00Z").toEpochMilli() * 1_000;
  private static final byte[] COPY_HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private final LocationTable target;
  private final String table;
  private final List<List<LocationBacklog.Row>> parts;

  /**
   * @param parts the rows of each connection
   */
  BareLoad(LocationTable target, String table, List<List<LocationBacklog.Row>> parts) {
    this.target = target;
    this.table = table;
    this.parts = parts;
  }

  /** Rows a second, those of the second half, and the server's processor time. */
  record Rates(double all, double secondHalf, Duration server) {}

  /** One way of writing rows, in one transaction. */
  private interface Writer {
    void write(Connection connection, List<LocationBacklog.Row> rows)
        throws SQLException, IOException;
  }

  /** Inserts batches of 2,000. */
  Rates insert() throws InterruptedException, ExecutionException, SQLException {
    return run("reWriteBatchedInserts=true", BATCH, this::insert);
  }

  /** Copies 10,000 at a time, in binary. */
  Rates copy() throws InterruptedException, ExecutionException, SQLException {
    return run("", COPY_BATCH, this::copy);
  }

  private Rates run(String options, int batch, Writer writer)
      throws InterruptedException, ExecutionException, SQLException {
    ExecutorService threads = Executors.newFixedThreadPool(parts.size());
    List<Connection> connections = new ArrayList<>();
    try {
      List<Callable<long[]>> loads = new ArrayList<>();
      for (List<LocationBacklog.Row> rows : parts) {
        Connection connection = target.connect(options);
        connections.add(connection);
        connection.setAutoCommit(false);
        loads.add(() -> load(connection, rows, batch, writer));
      }
      Duration cpu = target.cpu();
      long begin = System.nanoTime();
      long half = begin;
      long end = begin;
      for (Future<long[]> load : threads.invokeAll(loads)) {
        half = Math.max(half, load.get()[0]);
        end = Math.max(end, load.get()[1]);
      }
      long rows = parts.stream().mapToLong(List::size).sum();
      return new Rates(
          rows * 1e9 / (end - begin), rows / 2.0 * 1e9 / (end - half), target.cpu().minus(cpu));
    } finally {
      for (Connection connection : connections) {
        connection.close();
      }
      threads.shutdown();
    }
  }

  /** When half of the rows and when all were there. */
  private static long[] load(
      Connection connection, List<LocationBacklog.Row> rows, int batch, Writer writer)
      throws SQLException, IOException {
    long half = System.nanoTime();
    for (int i = 0; i < rows.size(); i += batch) {
      writer.write(connection, rows.subList(i, Math.min(rows.size(), i + batch)));
      connection.commit();
      if (i < rows.size() / 2) {
        half = System.nanoTime();
      }
    }
    return new long[] {half, System.nanoTime()};
  }

  private void insert(Connection connection, List<LocationBacklog.Row> rows) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into %s (id, person_id, ts, lon, lat, accuracy, cell) values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing"
                .formatted(table))) {
      for (LocationBacklog.Row row : rows) {
        insert.setLong(1, row.id());
        insert.setLong(2, row.person());
        insert.setObject(3, row.time().atOffset(ZoneOffset.UTC));
        insert.setDouble(4, row.lon());
        insert.setDouble(5, row.lat());
        insert.setFloat(6, row.accuracy());
        insert.setLong(7, row.cell());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private void copy(Connection connection, List<LocationBacklog.Row> rows)
      throws SQLException, IOException {
    var bytes = new ByteArrayOutputStream(rows.size() * BYTES_PER_ROW);
    try (var out = new DataOutputStream(bytes)) {
      out.write(COPY_HEADER);
      for (LocationBacklog.Row row : rows) {
        out.writeShort(7);
        number(out, row.id());
        number(out, row.person());
        number(out, row.millis() * 1_000 - MICROS_BEFORE_2000);
        number(out, Double.doubleToRawLongBits(row.lon()));
        number(out, Double.doubleToRawLongBits(row.lat()));
        out.writeInt(Float.BYTES);
        out.writeFloat(row.accuracy());
        number(out, row.cell());
      }
      out.writeShort(-1);
    }
    CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
    copies.copyIn(
        "copy %s (id, person_id, ts, lon, lat, accuracy, cell) from stdin (format binary)"
            .formatted(table),
        new ByteArrayInputStream(bytes.toByteArray()),
        bytes.size());
  }

  private static void number(DataOutputStream out, long bits) throws IOException {
    out.writeInt(Long.BYTES);
    out.writeLong(bits);
  }
}
