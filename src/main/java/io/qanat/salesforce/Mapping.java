package io.qanat.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.deliver.Event;
import io.qanat.deliver.FieldPath;
import io.qanat.deliver.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How events of a flow become rows of a Salesforce object. Fields of an event are named by their
 * path, such as {@code mailingAddress.street}.
 *
 * @param events what each event type does to the record
 * @param identifiedBy the event fields that identify the record; the first that has a value does
 * @param fields the Salesforce field of each event field, the identifying ones included
 * @param ignore event fields that are known and not for Salesforce
 */
record Mapping(
    Map<String, Change.Kind> events,
    List<String> identifiedBy,
    Map<String, String> fields,
    Set<String> ignore) {

  /** Reads an event; a field that is absent is left alone, an explicit null clears it. */
  Change read(Event event) throws RefusedException {
    Change.Kind kind = events.get(event.type());
    if (kind == null) {
      throw RefusedException.unknownType(event);
    }
    String identifier = identifier(event.data());
    RecordKey key = key(event.data(), identifier);
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    if (kind == Change.Kind.UPSERT) {
      List<String> unmapped = new ArrayList<>();
      collect(event.data(), "", row, unmapped);
      if (!unmapped.isEmpty()) {
        throw RefusedException.unmapped(unmapped);
      }
      // An identifier that was passed over has no value; sending it would clear the record's own.
      for (String passedOver : identifiedBy.subList(0, identifiedBy.indexOf(identifier))) {
        row.remove(fields.get(passedOver));
      }
    }
    return new Change(event, kind, key, row);
  }

  /** The Salesforce field that identifies records first of all. */
  String keyField() {
    return String.valueOf(fields.get(identifiedBy.get(0)));
  }

  private String identifier(ObjectNode data) throws RefusedException {
    for (String path : identifiedBy) {
      JsonNode value = new FieldPath(path).in(data);
      if (value != null && !value.isNull() && !(value.isTextual() && value.asText().isBlank())) {
        return path;
      }
    }
    throw new RefusedException(
        "MISSING_KEY_FIELD", "none of " + identifiedBy + " has a value", identifiedBy);
  }

  private RecordKey key(ObjectNode data, String path) throws RefusedException {
    JsonNode value = new FieldPath(path).in(data);
    if (value == null || (!value.isTextual() && !value.isNumber())) {
      throw new RefusedException(
          "INVALID_KEY", path + " must be a text or a number", List.of(path));
    }
    // In a path these two would mean another resource.
    if (value.asText().equals(".") || value.asText().equals("..")) {
      throw new RefusedException("INVALID_KEY", path + " cannot be dots only", List.of(path));
    }
    return new RecordKey(String.valueOf(fields.get(path)), value.asText());
  }

  private void collect(JsonNode data, String prefix, ObjectNode row, List<String> unmapped)
      throws RefusedException {
    for (Map.Entry<String, JsonNode> property : data.properties()) {
      String path = prefix + property.getKey();
      JsonNode value = property.getValue();
      String target = fields.get(path);
      if (target != null) {
        if (value.isContainerNode()) {
          throw new RefusedException(
              "INVALID_FIELD_SHAPE", path + " must be a single value", List.of(path));
        }
        row.set(target, value);
      } else if (isGroup(path) && value.isObject()) {
        collect(value, path + ".", row, unmapped);
      } else if (isGroup(path) && value.isNull()) {
        fields.forEach(
            (from, to) -> {
              if (from.startsWith(path + ".")) {
                row.putNull(to);
              }
            });
      } else if (isGroup(path)) {
        throw new RefusedException(
            "INVALID_FIELD_SHAPE", path + " must be an object", List.of(path));
      } else if (!ignore.contains(path)) {
        unmapped.add(path);
      }
    }
  }

  private boolean isGroup(String path) {
    return fields.keySet().stream().anyMatch(from -> from.startsWith(path + "."));
  }
}
