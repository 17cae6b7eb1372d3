package io.qanat.sandbox.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What goes back to the client; {@link #DROP} closes the connection without a word. */
record Answer(
    int status,
    String contentType,
    Map<String, String> headers,
    @Nullable JsonNode json,
    String text) {

  static final Answer DROP = new Answer(0, "", Map.of(), null, "");
  private static final String JSON = "application/json;charset=UTF-8";

  static Answer json(int status, JsonNode body) {
    return new Answer(status, JSON, Map.of(), body, "");
  }

  static Answer ok(JsonNode body) {
    return json(200, body);
  }

  static Answer noContent() {
    return new Answer(204, "", Map.of(), null, "");
  }

  static Answer text(int status, String contentType, String text) {
    return new Answer(status, contentType, Map.of(), null, text);
  }

  static Answer html(int status, String title) {
    return text(
        status,
        "text/html;charset=UTF-8",
        "<html><head><title>%1$s</title></head><body><h1>%1$s</h1></body></html>".formatted(title));
  }

  static Answer error(int status, String code, String message, List<String> fields) {
    return json(status, Json.array().add(errorNode("errorCode", code, message, fields)));
  }

  static Answer errors(int status, List<SaveError> errors) {
    ArrayNode body = Json.array();
    errors.forEach(e -> body.add(errorNode("errorCode", e.statusCode(), e.message(), e.fields())));
    return json(status, body);
  }

  static ObjectNode errorNode(String codeName, String code, String message, List<String> fields) {
    ObjectNode node = Json.object().put("message", message).put(codeName, code);
    // The request-level answers that concern no field have no such member at all.
    if (!fields.isEmpty() || codeName.equals("statusCode")) {
      ArrayNode names = node.putArray("fields");
      fields.forEach(names::add);
    }
    return node;
  }

  Answer with(String name, String value) {
    Map<String, String> all = new HashMap<>(headers);
    all.put(name, value);
    return new Answer(status, contentType, Map.copyOf(all), json, text);
  }

  boolean isDrop() {
    return status == 0;
  }

  String body() {
    return json == null ? text : Json.write(json);
  }
}
