package io.qanat.sandbox.salesforce;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The org's records in memory; every method is one atomic step. */
final class Store {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'+0000'").withZone(ZoneOffset.UTC);

  private final Schema schema;
  private final Clock clock;
  private final Ids ids = new Ids();
  private final Map<String, Table> tables = new HashMap<>();
  private final String orgId;
  private final String userId;

  Store(Schema schema, Clock clock) {
    this.schema = schema;
    this.clock = clock;
    schema.types().forEach(type -> tables.put(type.name(), new Table(type)));
    orgId = ids.next("00D");
    userId = ids.next("005");
    put(
        orgId,
        "Organization",
        Map.of("Name", "Qanat", "OrganizationType", "Developer Edition", "IsSandbox", true));
    put(
        userId,
        "User",
        Map.of(
            "Username", Tokens.USERNAME,
            "Email", Tokens.USERNAME,
            "FirstName", "Qanat",
            "LastName", "Sandbox",
            "Name", "Qanat Sandbox",
            "Alias", "qanat",
            "IsActive", true));
  }

  Schema schema() {
    return schema;
  }

  String orgId() {
    return orgId;
  }

  String userId() {
    return userId;
  }

  String newId(ObjectType type) {
    return ids.next(type.keyPrefix());
  }

  String now() {
    return STAMP.format(clock.instant());
  }

  synchronized @Nullable Row get(ObjectType type, String id) {
    return table(type).get(id);
  }

  synchronized List<Row> find(ObjectType type, Field field, String value) {
    return table(type).find(field, value);
  }

  /** The rows of an object in the order of their creation; deleted ones too if asked for. */
  synchronized List<Row> rows(ObjectType type, boolean withDeleted) {
    List<Row> rows = new ArrayList<>(table(type).rows());
    rows.removeIf(row -> row.deleted() && !withDeleted);
    return rows;
  }

  /**
   * Puts a row in place of the one that the caller saw (null: of none), unless a unique value
   * belongs to another row or the row has changed under the caller.
   */
  synchronized @Nullable SaveError replace(@Nullable Row seen, Row row) {
    Table table = table(row.type());
    Row current = table.get(row.id());
    if (seen != null && (current == null || current.deleted())) {
      return SaveError.deleted();
    }
    if (!Objects.equals(seen, current)) {
      return SaveError.locked(row.id());
    }
    for (Field field : row.type().fields()) {
      String value = field.is(Field.Trait.UNIQUE) ? row.text(field.name()) : null;
      if (value == null || row.deleted()) {
        continue;
      }
      for (Row other : table.find(field, value)) {
        if (!other.id().equals(row.id())) {
          return SaveError.of(
              "DUPLICATE_VALUE",
              "duplicate value found: %s duplicates value on record with id: %s"
                  .formatted(field.name(), other.id()));
        }
      }
    }
    table.put(row);
    return null;
  }

  /** Takes back a {@link #replace}. */
  synchronized void restore(@Nullable Row before, Row row) {
    if (before == null) {
      table(row.type()).remove(row.id());
    } else {
      table(row.type()).put(before);
    }
  }

  synchronized void clear() {
    schema.types().stream().filter(ObjectType::writable).forEach(type -> table(type).clear());
  }

  private Table table(ObjectType type) {
    return Objects.requireNonNull(tables.get(type.name()));
  }

  private void put(String id, String typeName, Map<String, Object> values) {
    ObjectType type = schema.get(typeName);
    table(type).put(new Row(type, id, false, new LinkedHashMap<>(values)));
  }
}
