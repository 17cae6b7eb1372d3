package io.qanat.accept;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import java.util.Locale;
import java.util.Map;

/**
 * What a body must look like.
 *
 * @param any what holds for every body
 * @param byType where a body may have one of several shapes, the shape of each JSON type: it is
 *     checked alone, because what is wrong with the other shapes helps nobody
 */
record BodySchema(JsonSchema any, Map<String, JsonSchema> byType) {

  /** The schema for this body. */
  JsonSchema of(JsonNode body) {
    return byType.getOrDefault(body.getNodeType().name().toLowerCase(Locale.ROOT), any);
  }
}
