package io.qanat.mongodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import io.qanat.deliver.EventTime;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.bson.BsonDateTime;
import org.bson.BsonInt64;
import org.bson.BsonValue;

/** A type of a document's field: what of JSON it takes. */
enum FieldType {
  /** Texts; a number is one too. */
  STRING("a text") {
    @Override
    BsonValue read(JsonNode value) {
      return JsonBson.string(value.isNumber() ? value.asText() : text(value));
    }
  },
  /** Whole numbers of 64 bits; a text of digits is one too. */
  LONG("a whole number") {
    @Override
    BsonValue read(JsonNode value) {
      return new BsonInt64(decimal(value).longValueExact());
    }
  },
  /** Numbers, exactly; a text of a number is one too. */
  NUMBER("a number of at most 34 digits") {
    @Override
    BsonValue read(JsonNode value) {
      return JsonBson.number(value.isNumber() ? value : DecimalNode.valueOf(decimal(value)));
    }
  },
  /** Moments, to the millisecond; without an offset they are UTC. */
  DATE("an ISO 8601 time") {
    @Override
    BsonValue read(JsonNode value) {
      return new BsonDateTime(EventTime.parse(text(value)).toEpochMilli());
    }
  },
  /** True or false. */
  BOOLEAN("true or false") {
    @Override
    BsonValue read(JsonNode value) {
      if (!value.isBoolean()) {
        throw new IllegalArgumentException();
      }
      return JsonBson.bson(value);
    }
  },
  /** Any JSON. */
  JSON("JSON of at most 90 levels, with whole characters and numbers of at most 34 digits") {
    @Override
    BsonValue read(JsonNode value) {
      return JsonBson.bson(value);
    }
  };

  private static final int MAX_NUMBER = 100;

  private final String words;

  FieldType(String words) {
    this.words = words;
  }

  static Optional<FieldType> of(String name) {
    return Arrays.stream(values()).filter(t -> t.key().equals(name)).findFirst();
  }

  /** Its name in mapping files. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it takes, in words. */
  String words() {
    return words;
  }

  /**
   * The value that a JSON value is.
   *
   * @throws RuntimeException if it is none
   */
  abstract BsonValue read(JsonNode value);

  private static BigDecimal decimal(JsonNode value) {
    if (value.isNumber()) {
      return value.decimalValue();
    }
    String text = text(value);
    if (text.length() > MAX_NUMBER) {
      throw new IllegalArgumentException();
    }
    return new BigDecimal(text);
  }

  private static String text(JsonNode value) {
    if (!value.isTextual()) {
      throw new IllegalArgumentException();
    }
    return value.textValue();
  }
}
