package io.qanat.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * What a caller is answered.
 *
 * @param status the HTTP status
 * @param body the body
 * @param headers what goes with it
 */
record Answer(int status, JsonNode body, Map<String, String> headers) {
  Answer {
    headers = Map.copyOf(headers);
  }

  /** 200 with a body. */
  static Answer ok(JsonNode body) {
    return new Answer(200, body, Map.of());
  }
}
