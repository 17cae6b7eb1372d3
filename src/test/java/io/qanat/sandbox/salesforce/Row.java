package io.qanat.sandbox.salesforce;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A stored record: its fields by their proper names; a change makes a new row. */
record Row(ObjectType type, String id, boolean deleted, Map<String, Object> values) {
  Row {
    values = Collections.unmodifiableMap(values);
  }

  @Nullable Object get(String field) {
    return switch (field) {
      case "Id" -> id;
      case "IsDeleted" -> deleted;
      default -> values.get(field);
    };
  }

  @Nullable String text(String field) {
    return get(field) instanceof String text ? text : null;
  }

  /** This row with the changes on top; a null clears its field. */
  Row with(Map<String, @Nullable Object> changes) {
    Map<String, Object> merged = new LinkedHashMap<>(values);
    changes.forEach(
        (name, value) -> {
          if (value == null) {
            merged.remove(name);
          } else {
            merged.put(name, value);
          }
        });
    return new Row(type, id, deleted, merged);
  }

  Row asDeleted() {
    return new Row(type, id, true, values);
  }
}
