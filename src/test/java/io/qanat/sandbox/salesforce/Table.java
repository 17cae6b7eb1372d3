package io.qanat.sandbox.salesforce;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of one object with an index for each field that finds them; guarded by its store. */
final class Table {
  private final ObjectType type;
  private final Map<String, Row> rows = new LinkedHashMap<>();
  private final Map<String, Map<String, Set<String>>> index = new HashMap<>();

  Table(ObjectType type) {
    this.type = type;
  }

  @Nullable Row get(String id) {
    return rows.get(id);
  }

  Collection<Row> rows() {
    return rows.values();
  }

  /** The rows that are not deleted and hold this value, whatever its case. */
  List<Row> find(Field field, String value) {
    Set<String> ids =
        index.getOrDefault(field.name(), Map.of()).getOrDefault(fold(value), Set.of());
    List<Row> found = new ArrayList<>();
    for (String id : ids) {
      Row row = rows.get(id);
      if (row != null) {
        found.add(row);
      }
    }
    return found;
  }

  void put(Row row) {
    Row before = rows.put(row.id(), row);
    if (before != null) {
      unindex(before);
    }
    if (!row.deleted()) {
      index(row);
    }
  }

  void remove(String id) {
    Row before = rows.remove(id);
    if (before != null) {
      unindex(before);
    }
  }

  void clear() {
    rows.clear();
    index.clear();
  }

  static String fold(String value) {
    return value.toLowerCase(Locale.ROOT);
  }

  private void index(Row row) {
    for (Field field : type.fields()) {
      String value = field.isUpsertKey() ? row.text(field.name()) : null;
      if (value != null) {
        index
            .computeIfAbsent(field.name(), name -> new HashMap<>())
            .computeIfAbsent(fold(value), key -> new LinkedHashSet<>())
            .add(row.id());
      }
    }
  }

  private void unindex(Row row) {
    index.forEach(
        (field, byValue) -> {
          String value = row.text(field);
          if (value != null) {
            byValue.computeIfPresent(
                fold(value),
                (key, ids) -> {
                  ids.remove(row.id());
                  return ids.isEmpty() ? null : ids;
                });
          }
        });
  }
}
