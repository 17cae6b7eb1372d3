package io.qanat.postgis;

import io.qanat.KameletBean;
import io.qanat.deliver.BatchOutcome;
import io.qanat.deliver.Deadline;
import io.qanat.deliver.Event;
import io.qanat.deliver.Failure;
import io.qanat.deliver.MappingDocument;
import io.qanat.deliver.RefusedException;
import io.qanat.deliver.Sink;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/**
 * The sink that takes events into PostgreSQL as rows, with the SQL of a mapping file. Events are
 * facts to it: the statement must change nothing when it sees one again.
 *
 * <p>A bean for kamelets: set the properties, then {@link #start()}; what is wrong with them or
 * with the mapping file is said then.
 */
public class PostgresSink extends KameletBean implements Sink {
  private String flow = "";
  private String mapping = "";
  private int copyFrom = Integer.MAX_VALUE;
  private @Nullable RowMapping rows;
  private @Nullable RowWriter writer;

  /** Reads the mapping file. */
  public void start() {
    CamelContext context = camel();
    rows = RowMapping.read(MappingDocument.load(context, mapping), context);
    writer = new RowWriter(bean(Databases.class), flow, rows, copyFrom);
  }

  @Override
  public BatchOutcome write(List<Event> events, Deadline deadline) {
    var outcome = new BatchOutcome.Builder();
    List<Row> read = new ArrayList<>(events.size());
    Set<String> types = Objects.requireNonNull(rows).events();
    for (Event event : events) {
      if (!types.contains(event.type())) {
        outcome.failed(event, RefusedException.unknownType(event).failure());
        continue;
      }
      try {
        read.add(read(event));
      } catch (IllegalArgumentException e) {
        outcome.failed(
            event, Failure.poison("INVALID_VALUE", String.valueOf(e.getMessage()), List.of()));
      }
    }
    if (!read.isEmpty()) {
      write(read, outcome);
    }
    return outcome.build();
  }

  /** The statement decides what an older event does. */
  @Override
  public boolean keepsOrder() {
    return true;
  }

  private Row read(Event event) {
    List<Column> columns = Objects.requireNonNull(rows).columns();
    @Nullable Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = columns.get(i).read(event);
    }
    return new Row(event, Arrays.asList(values));
  }

  private void write(List<Row> rows, BatchOutcome.Builder outcome) {
    try {
      settle(rows, Objects.requireNonNull(writer).write(rows), outcome);
    } catch (SQLException e) {
      if (PostgresErrors.isOfValue(e) && rows.size() > 1) {
        // One row is wrong, and nothing was written: the halves find it.
        write(rows.subList(0, rows.size() / 2), outcome);
        write(rows.subList(rows.size() / 2, rows.size()), outcome);
      } else {
        rows.forEach(row -> outcome.failed(row.event(), failure(e)));
      }
    }
  }

  private static void settle(List<Row> rows, List<Refusal> refusals, BatchOutcome.Builder outcome) {
    Set<Integer> refused = new HashSet<>();
    for (Refusal refusal : refusals) {
      refused.add(refusal.ordinal());
      outcome.failed(
          rows.get(refusal.ordinal() - 1).event(),
          Failure.poison(refusal.code(), refusal.message(), List.of()));
    }
    for (int i = 0; i < rows.size(); i++) {
      if (!refused.contains(i + 1)) {
        outcome.delivered(rows.get(i).event());
      }
    }
  }

  private static Failure failure(SQLException e) {
    String words = PostgresErrors.words(e);
    if (PostgresErrors.isOfValue(e)) {
      return Failure.poison("SQLSTATE_" + PostgresErrors.state(e), words, List.of());
    }
    return Failure.transientFailure(
        PostgresErrors.isOfDefinition(e) ? "POSTGRESQL_STATEMENT" : "POSTGRESQL_UNAVAILABLE",
        words);
  }

  /** The flow, whose schema the statements work in. */
  public void setFlow(String flow) {
    this.flow = flow;
  }

  /** Where the mapping file is, such as {@code file:routes/locations/x.mapping.yaml}. */
  public void setMapping(String mapping) {
    this.mapping = mapping;
  }

  /** From how many rows on a batch goes by COPY. */
  public void setCopyFrom(int copyFrom) {
    this.copyFrom = copyFrom;
  }
}
