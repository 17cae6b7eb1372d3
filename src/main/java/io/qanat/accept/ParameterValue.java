package io.qanat.accept;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A path or query parameter, which always comes as text, as the JSON value that its schema means.
 */
final class ParameterValue {
  private static final int MAX_NUMBER_LENGTH = 100;

  private ParameterValue() {}

  static JsonNode parse(String text, JsonSchema schema) {
    String type = schema.getSchemaNode().path("type").asText("string");
    try {
      return switch (type) {
        // A decimal is no integer to the validator, whatever its value.
        case "integer" ->
            text.length() > MAX_NUMBER_LENGTH
                ? TextNode.valueOf(text)
                : BigIntegerNode.valueOf(new BigInteger(text));
        case "number" ->
            text.length() > MAX_NUMBER_LENGTH
                ? TextNode.valueOf(text)
                : DecimalNode.valueOf(new BigDecimal(text));
        case "boolean" ->
            text.equals("true") || text.equals("false")
                ? BooleanNode.valueOf(text.equals("true"))
                : TextNode.valueOf(text);
        default -> TextNode.valueOf(text);
      };
    } catch (NumberFormatException e) {
      // Left as text, which the schema refuses by its type.
      return TextNode.valueOf(text);
    }
  }
}
