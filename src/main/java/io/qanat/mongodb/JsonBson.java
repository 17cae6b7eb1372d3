package io.qanat.mongodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Map;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.BsonWriter;
import org.bson.types.Decimal128;

/**
 * JSON as BSON and back, so that what comes back is what went in: names are encoded by {@link
 * FieldNames}, and a number is a double only where that is exact.
 */
final class JsonBson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  // MongoDB takes 100 levels; the document itself and the statement around it are some.
  private static final int MAX_DEPTH = 90;
  private static final int LONG_DIGITS = 19;

  // IEEE 754: a double keeps every number of so many digits, where it is a normal one.
  private static final int DOUBLE_DIGITS = 15;
  private static final int NORMAL_SCALE = 290;

  private JsonBson() {}

  /**
   * A JSON value as BSON.
   *
   * @throws IllegalArgumentException if a number has more than 34 digits or is out of all range, a
   *     text holds half of a character, or it is nested deeper than {@value #MAX_DEPTH} levels
   */
  static BsonValue bson(JsonNode value) {
    return bson(value, 0);
  }

  private static BsonValue bson(JsonNode value, int depth) {
    check(depth);
    return switch (value.getNodeType()) {
      case OBJECT -> document(value, depth);
      case ARRAY -> {
        BsonArray array = new BsonArray(value.size());
        value.forEach(element -> array.add(bson(element, depth + 1)));
        yield array;
      }
      case STRING -> string(value.textValue());
      case NUMBER -> number(value);
      case BOOLEAN -> BsonBoolean.valueOf(value.booleanValue());
      case NULL -> BsonNull.VALUE;
      default ->
          throw new IllegalArgumentException("%s is not JSON".formatted(value.getNodeType()));
    };
  }

  private static void check(int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("it is nested deeper than MongoDB takes");
    }
  }

  /** An object as the bytes that are sent, made once. */
  private static BsonDocument document(JsonNode object, int depth) {
    return RawDocuments.of(writer -> write(object, depth, writer));
  }

  private static void write(JsonNode value, int depth, BsonWriter to) {
    switch (value.getNodeType()) {
      case OBJECT -> {
        check(depth);
        to.writeStartDocument();
        for (Map.Entry<String, JsonNode> field : value.properties()) {
          to.writeName(FieldNames.encode(whole(field.getKey())));
          write(field.getValue(), depth + 1, to);
        }
        to.writeEndDocument();
      }
      case ARRAY -> {
        check(depth);
        to.writeStartArray();
        for (JsonNode element : value) {
          write(element, depth + 1, to);
        }
        to.writeEndArray();
      }
      default -> write(bson(value, depth), to);
    }
  }

  private static void write(BsonValue scalar, BsonWriter to) {
    switch (scalar.getBsonType()) {
      case STRING -> to.writeString(scalar.asString().getValue());
      case INT32 -> to.writeInt32(scalar.asInt32().getValue());
      case INT64 -> to.writeInt64(scalar.asInt64().getValue());
      case DOUBLE -> to.writeDouble(scalar.asDouble().getValue());
      case DECIMAL128 -> to.writeDecimal128(scalar.asDecimal128().getValue());
      case BOOLEAN -> to.writeBoolean(scalar.asBoolean().getValue());
      case NULL -> to.writeNull();
      default -> throw new IllegalStateException("No scalar of JSON: " + scalar.getBsonType());
    }
  }

  /**
   * A text.
   *
   * @throws IllegalArgumentException if it holds half of a character, which UTF-8 cannot
   */
  static BsonString string(String text) {
    return new BsonString(whole(text));
  }

  private static String whole(String text) {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        throw new IllegalArgumentException("a text holds half of a character");
      }
    }
    return text;
  }

  /** A number, in the smallest type that holds all of it. */
  static BsonValue number(JsonNode value) {
    if (value.isInt()) {
      return new BsonInt32(value.intValue());
    }
    BigDecimal exact = value.decimalValue();
    if ((long) exact.precision() - exact.scale() <= LONG_DIGITS
        && exact.stripTrailingZeros().scale() <= 0) {
      BigInteger whole = exact.toBigIntegerExact();
      if (whole.bitLength() < Integer.SIZE) {
        return new BsonInt32(whole.intValue());
      }
      if (whole.bitLength() < Long.SIZE) {
        return new BsonInt64(whole.longValue());
      }
    }
    double near = exact.doubleValue();
    if (isExact(near, exact)) {
      return new BsonDouble(near);
    }
    try {
      return new BsonDecimal128(new Decimal128(exact));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a number has more than 34 digits", e);
    }
  }

  /** Whether the digits of a double are those of the number. */
  private static boolean isExact(double near, BigDecimal exact) {
    if (exact.precision() <= DOUBLE_DIGITS && Math.abs(exact.scale()) <= NORMAL_SCALE) {
      return true;
    }
    return Double.isFinite(near) && new BigDecimal(Double.toString(near)).compareTo(exact) == 0;
  }

  /** A document as JSON. */
  static ObjectNode json(BsonDocument document) {
    ObjectNode object = JSON.objectNode();
    document.forEach((name, value) -> object.set(FieldNames.decode(name), json(value)));
    return object;
  }

  /** A BSON value as JSON; what JSON lacks becomes a text: times ISO 8601, ids their digits. */
  static JsonNode json(BsonValue value) {
    return switch (value.getBsonType()) {
      case DOCUMENT -> json(value.asDocument());
      case ARRAY -> {
        ArrayNode array = JSON.arrayNode();
        value.asArray().forEach(element -> array.add(json(element)));
        yield array;
      }
      case STRING -> JSON.textNode(value.asString().getValue());
      case INT32 -> JSON.numberNode(value.asInt32().getValue());
      case INT64 -> JSON.numberNode(value.asInt64().getValue());
      case DOUBLE -> real(value.asDouble().getValue());
      case DECIMAL128 -> decimal(value.asDecimal128().getValue());
      case BOOLEAN -> JSON.booleanNode(value.asBoolean().getValue());
      case DATE_TIME ->
          JSON.textNode(Instant.ofEpochMilli(value.asDateTime().getValue()).toString());
      case OBJECT_ID -> JSON.textNode(value.asObjectId().getValue().toHexString());
      case NULL, UNDEFINED -> JSON.nullNode();
      default -> JSON.textNode(value.toString());
    };
  }

  private static JsonNode real(double value) {
    return Double.isFinite(value) ? JSON.numberNode(value) : JSON.textNode(Double.toString(value));
  }

  private static JsonNode decimal(Decimal128 value) {
    try {
      return DecimalNode.valueOf(value.bigDecimalValue());
    } catch (ArithmeticException e) {
      // Infinity, not a number, or a negative zero.
      return JSON.textNode(value.toString());
    }
  }
}
