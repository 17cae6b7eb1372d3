package io.qanat.postgis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.qanat.deliver.EventTime;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * A type of column: what of JSON it takes, and how its values travel, as an array or in COPY's
 * binary format.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, Binary Format</a>
 */
enum ColumnType {
  /** Whole numbers of 64 bits; a text of digits is one too. */
  BIGINT("bigint", "int8", Long.class, "a whole number") {
    @Override
    Object read(JsonNode value) {
      return number(value).longValueExact();
    }

    @Override
    void copy(DataOutputStream out, Object value) throws IOException {
      out.writeInt(Long.BYTES);
      out.writeLong((Long) value);
    }
  },
  /** Double-precision numbers; a text of a number is one too. */
  DOUBLE("double precision", "float8", Double.class, "a number") {
    @Override
    Object read(JsonNode value) {
      return finite(number(value).doubleValue());
    }

    @Override
    void copy(DataOutputStream out, Object value) throws IOException {
      out.writeInt(Double.BYTES);
      out.writeDouble((Double) value);
    }
  },
  /** Single-precision numbers; a text of a number is one too. */
  REAL("real", "float4", Float.class, "a number") {
    @Override
    Object read(JsonNode value) {
      return (float) finite(number(value).floatValue());
    }

    @Override
    void copy(DataOutputStream out, Object value) throws IOException {
      out.writeInt(Float.BYTES);
      out.writeFloat((Float) value);
    }
  },
  /** Moments, to the microsecond; without an offset they are UTC. */
  TIMESTAMPTZ("timestamptz", "int8", Long.class, "an ISO 8601 time") {
    @Override
    Object read(JsonNode value) {
      return micros(EventTime.parse(text(value)));
    }

    @Override
    String column(String name) {
      // Intervals are multiplied as doubles: in two parts, both are exact.
      return ("'2000-01-01Z'::timestamptz + %1$s / 1000000 * interval '1 second'"
              + " + %1$s %% 1000000 * interval '1 microsecond'")
          .formatted(name);
    }

    @Override
    void copy(DataOutputStream out, Object value) throws IOException {
      out.writeInt(Long.BYTES);
      out.writeLong((Long) value);
    }
  },
  /** Texts. */
  TEXT("text", "text", String.class, "a text without U+0000") {
    @Override
    Object read(JsonNode value) {
      return text(value);
    }

    @Override
    void copy(DataOutputStream out, Object value) throws IOException {
      byte[] bytes = ((String) value).getBytes(StandardCharsets.UTF_8);
      out.writeInt(bytes.length);
      out.write(bytes);
    }
  },
  /** True or false. */
  BOOLEAN("boolean", "bool", Boolean.class, "true or false") {
    @Override
    Object read(JsonNode value) {
      if (!value.isBoolean()) {
        throw new IllegalArgumentException();
      }
      return value.booleanValue();
    }

    @Override
    void copy(DataOutputStream out, Object value) throws IOException {
      out.writeInt(1);
      out.writeByte((Boolean) value ? 1 : 0);
    }
  },
  /** Any JSON. */
  JSONB("jsonb", "text", String.class, "JSON without U+0000") {
    @Override
    Object read(JsonNode value) {
      try {
        String json = JSON.writeValueAsString(value);
        if (json.contains("\\u0000")) {
          throw new IllegalArgumentException();
        }
        return json;
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException(e);
      }
    }

    @Override
    String column(String name) {
      return name + "::jsonb";
    }

    @Override
    void copy(DataOutputStream out, Object value) throws IOException {
      byte[] bytes = ((String) value).getBytes(StandardCharsets.UTF_8);
      out.writeInt(bytes.length + 1);
      out.writeByte(1);
      out.write(bytes);
    }
  };

  private static final JsonMapper JSON = new JsonMapper();
  private static final long POSTGRES_EPOCH = Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();
  private static final int MAX_NUMBER = 100;

  private final String sql;
  private final String arrayElement;
  private final Class<?> javaType;
  private final String words;

  ColumnType(String sql, String arrayElement, Class<?> javaType, String words) {
    this.sql = sql;
    this.arrayElement = arrayElement;
    this.javaType = javaType;
    this.words = words;
  }

  static Optional<ColumnType> of(String sql) {
    return Arrays.stream(values()).filter(t -> t.sql.equals(sql)).findFirst();
  }

  /** Its name in SQL. */
  String sql() {
    return sql;
  }

  /** The type of the arrays in which its values travel. */
  String arrayElement() {
    return arrayElement;
  }

  /** What its values are in Java. */
  Class<?> javaType() {
    return javaType;
  }

  /** What it takes, in words. */
  String words() {
    return words;
  }

  /** What makes an element of such an array a value of the column. */
  String column(String name) {
    return name;
  }

  /**
   * The value that a JSON value is.
   *
   * @throws IllegalArgumentException or another runtime exception if it is none
   */
  abstract Object read(JsonNode value);

  /** Writes a value with its length. */
  abstract void copy(DataOutputStream out, Object value) throws IOException;

  /** Microseconds since 2000, as PostgreSQL counts. */
  static long micros(Instant time) {
    return Math.addExact(
        Math.multiplyExact(time.getEpochSecond() - POSTGRES_EPOCH, 1_000_000),
        time.getNano() / 1_000);
  }

  private static BigDecimal number(JsonNode value) {
    if (value.isNumber()) {
      return value.decimalValue();
    }
    String text = text(value);
    if (text.length() > MAX_NUMBER) {
      throw new IllegalArgumentException();
    }
    return new BigDecimal(text);
  }

  private static double finite(double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException();
    }
    return number;
  }

  private static String text(JsonNode value) {
    if (!value.isTextual() || value.textValue().indexOf('\0') >= 0) {
      throw new IllegalArgumentException();
    }
    return value.textValue();
  }
}
