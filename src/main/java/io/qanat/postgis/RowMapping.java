package io.qanat.postgis;

import io.qanat.deliver.MappingDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/**
 * How the events of a flow become rows, and the SQL that takes a batch of rows in.
 *
 * <pre>
 * events: [location.reported]  # the types of the events that it takes
 * columns:                     # of a row, in order
 *   person_id: {type: bigint, from: person_id}
 *   ts: {type: timestamptz, from: creation_time, absent: accepted-at}
 *   accuracy: {type: real, from: accuracy, absent: "null"}
 * settings:                    # parameters of the statements, always text; optional
 *   retention: P10Y
 * before: select ...           # in the same transaction, before write; optional
 * write: |                     # gives back (ordinal, code, message) of each row that it refuses
 *   insert into ... select ... from :rows r :conflict
 * conflict: on conflict do nothing  # what :conflict stands for once a row was there already; optional
 * repair:                      # what to do about an SQLSTATE before write is tried once more; optional
 *   "23514": select make_partitions(...) from :rows r
 * </pre>
 *
 * <p>{@code :rows} stands for the batch: a relation of the columns and {@code ordinal}, which
 * counts from 1. {@code :conflict} stands for nothing at first, because to look for a row before it
 * is inserted is work that seldom finds one; when {@code write} fails with a unique violation, it
 * is tried once more, and for a while tried at once, with what {@code conflict} says.
 *
 * @param events the types of the events that it takes
 * @param columns the columns of a row
 * @param settings the parameters that the statements may name
 * @param before what is done first in the transaction, or nothing
 * @param write what takes the rows in
 * @param conflict what {@code :conflict} stands for, or nothing
 * @param repair what is done about an SQLSTATE before {@code write} is tried once more
 */
record RowMapping(
    Set<String> events,
    List<Column> columns,
    Map<String, String> settings,
    @Nullable String before,
    String write,
    @Nullable String conflict,
    Map<String, String> repair) {
  private static final String CONFLICT = ":conflict";
  private static final String NAME = "[a-z_][a-z0-9_]*";

  /**
   * Reads a mapping file; its settings may hold Camel's property placeholders.
   *
   * @throws IllegalArgumentException that says where the file is wrong and how
   */
  static RowMapping read(MappingDocument file, CamelContext context) {
    Map<String, Node> sections =
        file.sections("events", "columns", "settings", "before", "write", "conflict", "repair");
    Node eventsNode = file.section(sections, "events");
    Set<String> events = file.names(eventsNode, "events");
    if (events.isEmpty()) {
      throw file.wrong(eventsNode, "events must name at least one event type");
    }
    List<Column> columns = new ArrayList<>();
    Node columnsNode = file.section(sections, "columns");
    file.entries(columnsNode, "columns")
        .forEach((name, node) -> columns.add(column(file, name, node)));
    if (columns.isEmpty()) {
      throw file.wrong(columnsNode, "columns must name at least one column");
    }
    Map<String, String> settings = texts(file, sections, "settings");
    settings.replaceAll((name, value) -> context.resolvePropertyPlaceholders(value));
    Node before = sections.get("before");
    Node writeNode = file.section(sections, "write");
    String write = file.text(writeNode, "write");
    Node conflict = sections.get("conflict");
    if (write.contains(CONFLICT) != (conflict != null)) {
      throw file.wrong(
          conflict == null ? writeNode : conflict,
          "conflict says what :conflict in write stands for: have both or neither");
    }
    return new RowMapping(
        events,
        List.copyOf(columns),
        settings,
        before == null ? null : file.text(before, "before"),
        write,
        conflict == null ? null : file.text(conflict, "conflict"),
        texts(file, sections, "repair"));
  }

  /**
   * What takes the rows in.
   *
   * @param careful whether rows may be there already
   */
  String write(boolean careful) {
    return conflict == null ? write : write.replace(CONFLICT, careful ? conflict : "");
  }

  private static Column column(MappingDocument file, String name, Node node) {
    Map<String, Node> options = file.entries(node, "columns." + name);
    Node typeNode = file.section(options, "type");
    String type = file.text(typeNode, "type");
    Node fromNode = file.section(options, "from");
    String from = file.text(fromNode, "from");
    if (!name.matches(NAME)) {
      throw file.wrong(node, "'" + name + "' is not a name of a column");
    }
    return new Column(
        name,
        ColumnType.of(type).orElseThrow(() -> file.wrong(typeNode, type + " is no known type")),
        file.path(fromNode, from),
        absence(file, options.get("absent")));
  }

  private static Column.Absence absence(MappingDocument file, @Nullable Node node) {
    if (node == null) {
      return Column.Absence.REFUSED;
    }
    String text = file.text(node, "absent");
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "null" -> Column.Absence.NULL;
      case "accepted-at" -> Column.Absence.ACCEPTED_AT;
      default -> throw file.wrong(node, "absent must be null or accepted-at, not " + text);
    };
  }

  private static Map<String, String> texts(
      MappingDocument file, Map<String, Node> sections, String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    Node node = sections.get(key);
    if (node != null) {
      file.entries(node, key)
          .forEach((name, text) -> texts.put(name, file.text(text, key + "." + name)));
    }
    return texts;
  }
}
