package io.qanat.accept;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.springframework.stereotype.Component;

/** Tells whoever asks at the root what the hub does: each operation with its summary. */
@Component("overview")
public class Overview {
  private final ObjectNode body;

  Overview(Contracts contracts) {
    body = JsonNodeFactory.instance.objectNode();
    body.put("message", "Qanat takes events and delivers each of them once; see /api");
    ObjectNode endpoints = body.putObject("endpoints");
    contracts
        .paths()
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(operation -> add(endpoints, path.getKey(), operation)));
  }

  private static void add(
      ObjectNode endpoints, String path, Map.Entry<String, JsonNode> operation) {
    JsonNode summary = operation.getValue().path("summary");
    if (summary.isTextual()) {
      endpoints.set(operation.getKey().toUpperCase(Locale.ROOT) + " " + path, summary);
    }
  }

  /** Answers the request. */
  @Handler
  public void answer(Exchange exchange) {
    ApiCall.answer(exchange, 200, body);
  }
}
