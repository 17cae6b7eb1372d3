package io.qanat.sandbox.salesforce;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.sandbox.salesforce.Field.FieldType;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /query} and {@code /queryAll}, in pages of 2,000 rows or what the client asks for. */
final class QueryResource {
  private static final Pattern BATCH_SIZE = Pattern.compile("(?i)batchSize\\s*=\\s*(\\d+)");
  private static final Pattern LOCATOR = Pattern.compile("(01g\\w+)-(\\d+)-(\\d+)");

  private record Cursor(Soql soql, List<Row> rows) {}

  private final Store store;
  private final Ids ids = new Ids();
  private final Map<String, Cursor> cursors = new ConcurrentHashMap<>();

  QueryResource(Store store) {
    this.store = store;
  }

  Answer handle(Call call, List<String> rest, boolean withDeleted) {
    if (!call.method().equals("GET")) {
      throw ApiException.methodNotAllowed(call.method(), "GET");
    }
    if (rest.size() == 1) {
      return next(call, rest.get(0));
    }
    String query = call.query().get("q");
    if (!rest.isEmpty() || query == null) {
      throw SoqlLexer.malformed("A query string has to be specified");
    }
    Soql soql = Soql.parse(query, store.schema());
    if (call.flag("columns")) {
      return Answer.ok(columns(soql));
    }
    List<Row> rows = soql.run(store, withDeleted);
    if (soql.count()) {
      ObjectNode node = Json.object().put("totalSize", rows.size()).put("done", true);
      node.putArray("records");
      return Answer.ok(node);
    }
    Matcher size = BATCH_SIZE.matcher(call.header("Sforce-Query-Options").orElse(""));
    int batch =
        size.find() ? Math.min(2_000, Math.max(200, Integer.parseInt(size.group(1)))) : 2_000;
    return page(call, new Cursor(soql, rows), ids.next("01g"), 0, batch);
  }

  private Answer next(Call call, String locator) {
    Matcher matcher = LOCATOR.matcher(locator);
    Cursor cursor = matcher.matches() ? cursors.get(matcher.group(1)) : null;
    if (cursor == null) {
      throw new ApiException(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
    }
    int from = Integer.parseInt(matcher.group(2));
    return page(call, cursor, matcher.group(1), from, Integer.parseInt(matcher.group(3)));
  }

  private Answer page(Call call, Cursor cursor, String id, int from, int batch) {
    int to = Math.min(from + batch, cursor.rows().size());
    boolean done = to == cursor.rows().size();
    ObjectNode node = Json.object().put("totalSize", cursor.rows().size()).put("done", done);
    if (!done) {
      cursors.put(id, cursor);
      node.put(
          "nextRecordsUrl",
          "/services/data/%s/query/%s-%d-%d".formatted(call.version(), id, to, batch));
    }
    ArrayNode records = node.putArray("records");
    for (Row row : cursor.rows().subList(Math.min(from, to), to)) {
      records.add(Rows.some(row, cursor.soql().fields()));
    }
    return Answer.ok(node);
  }

  private static ObjectNode columns(Soql soql) {
    ObjectNode node = Json.object();
    ArrayNode columns = node.putArray("columnMetadata");
    for (Field field : soql.fields()) {
      ObjectNode column =
          columns
              .addObject()
              .put("aggregate", false)
              .put("apexType", field.type() == FieldType.ID ? "Id" : "String")
              .put("booleanType", field.type() == FieldType.BOOLEAN)
              .put("columnName", field.name())
              .put("custom", field.isCustom())
              .put("displayName", field.name())
              .put("insertable", !field.is(Field.Trait.READ_ONLY))
              .put("numberType", field.type() == FieldType.DOUBLE)
              .put("textType", field.type().isText())
              .put("updatable", !field.is(Field.Trait.READ_ONLY))
              .putNull("foreignKeyName");
      column.putArray("joinColumns");
    }
    return node.put("entityName", soql.type().name())
        .put("groupBy", false)
        .put("idSelected", soql.fields().stream().anyMatch(f -> f.type() == FieldType.ID))
        .put("keyPrefix", soql.type().keyPrefix());
  }
}
