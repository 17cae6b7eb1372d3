package io.qanat.sandbox.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.sandbox.salesforce.Field.FieldType;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a record as a client sent them, read as strictly as the API reads them. */
record Draft(ObjectType type, Map<String, @Nullable Object> values) {

  static Draft read(ObjectType type, ObjectNode body) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    body.properties()
        .forEach(
            entry -> {
              if (!entry.getKey().equals("attributes")) {
                Field field = type.field(entry.getKey());
                if (field == null) {
                  throw unknownField(type, entry.getKey());
                }
                values.put(field.name(), value(field, entry.getValue()));
              }
            });
    return new Draft(type, values);
  }

  static ApiException unknownField(ObjectType type, String name) {
    return new ApiException(
        400,
        "INVALID_FIELD",
        "No such column '%s' on sobject of type %s".formatted(name, type.name()));
  }

  @Nullable String text(String field) {
    return values.get(field) instanceof String text ? text : null;
  }

  Draft without(Field field) {
    Map<String, @Nullable Object> rest = new LinkedHashMap<>(values);
    rest.remove(field.name());
    return new Draft(type, rest);
  }

  Draft and(Field field, String value) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(values);
    more.put(field.name(), value);
    return new Draft(type, more);
  }

  private static @Nullable Object value(Field field, JsonNode node) {
    if (node.isNull()) {
      return null;
    }
    if (field.type() == FieldType.BOOLEAN) {
      return bool(node);
    }
    if (field.type() == FieldType.DOUBLE) {
      return number(node);
    }
    if (!node.isTextual()) {
      throw cannotRead(field, node);
    }
    // Salesforce trims text when it saves it; what is empty then is cleared.
    String text = node.textValue().strip();
    if (text.isEmpty()) {
      return null;
    }
    if (field.type() == FieldType.DATE) {
      try {
        return LocalDate.parse(text).toString();
      } catch (DateTimeParseException e) {
        throw cannotRead(field, node);
      }
    }
    return text;
  }

  private static Object bool(JsonNode node) {
    String text = node.asText();
    if ((node.isBoolean() || node.isTextual()) && (text.equals("true") || text.equals("false"))) {
      return Boolean.valueOf(text);
    }
    throw Json.parserError("Cannot deserialize instance of boolean from value " + node);
  }

  private static Object number(JsonNode node) {
    if (node.isNumber()) {
      return node.doubleValue();
    }
    try {
      return Double.valueOf(node.textValue() == null ? "x" : node.textValue());
    } catch (NumberFormatException e) {
      throw Json.parserError("Cannot deserialize instance of double from value " + node);
    }
  }

  private static ApiException cannotRead(Field field, JsonNode node) {
    return Json.parserError(
        "Cannot deserialize instance of %s from %s value %s or request may be missing a required"
                .formatted(
                    field.type().isText() ? "string" : field.type().apiName,
                    node.getNodeType(),
                    node)
            + " field at ["
            + field.name()
            + "]");
  }
}
