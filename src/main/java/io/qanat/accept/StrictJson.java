package io.qanat.accept;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON that every system behind the hub can hold: no duplicate keys, no trailing garbage, no
 * NUL, no half of a character, bounded depth and numbers. What it refuses would otherwise be read
 * differently by different readers.
 */
final class StrictJson {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_NUMBER_LENGTH = 100;
  private static final int MAX_NAME_LENGTH = 1_000;
  private static final int ESCAPE = 6;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_LENGTH)
                          .maxNameLength(MAX_NAME_LENGTH)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private StrictJson() {}

  /** The JSON value that the bytes hold, or a 400 that tells where they go wrong. */
  static JsonNode read(byte[] bytes) {
    try {
      JsonNode node = MAPPER.readTree(bytes);
      if (node.isMissingNode()) {
        throw new ProblemException(Problem.Kind.MALFORMED_JSON, "The body is empty.");
      }
      refuseOddEscapes(bytes);
      refuseOtherThanUtf8(bytes);
      return node;
    } catch (StreamConstraintsException | JsonParseException | MismatchedInputException e) {
      throw new ProblemException(Problem.Kind.MALFORMED_JSON, where(e, bytes));
    } catch (NumberFormatException e) {
      throw new ProblemException(
          Problem.Kind.MALFORMED_JSON, at("The exponent of a number is too large", breach(bytes)));
    } catch (IOException e) {
      throw new ProblemException(Problem.Kind.MALFORMED_JSON, "The body is not UTF-8 JSON.");
    }
  }

  /**
   * The JSON values of lines, as an array; lines that hold nothing are passed over.
   *
   * @see <a href="https://github.com/ndjson/ndjson-spec">Newline Delimited JSON</a>
   */
  static ArrayNode readLines(byte[] bytes) {
    ArrayNode values = MAPPER.createArrayNode();
    int line = 0;
    for (int start = 0; start < bytes.length; ) {
      int end = start;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      line++;
      if (!isBlank(bytes, start, end)) {
        try {
          values.add(read(Arrays.copyOfRange(bytes, start, end)));
        } catch (ProblemException e) {
          throw new ProblemException(
              Problem.Kind.MALFORMED_JSON,
              "In line %d of the body: %s".formatted(line, e.getMessage()));
        }
      }
      start = end + 1;
    }
    return values;
  }

  private static boolean isBlank(byte[] bytes, int start, int end) {
    for (int i = start; i < end; i++) {
      if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  private static String where(JsonProcessingException e, byte[] bytes) {
    // Jackson's words, less the ways to configure it, its token codes and its sources.
    String plain =
        e.getOriginalMessage()
            .replaceAll("\\R[\\s\\S]*$", "")
            .replaceAll(", from `[^`]*`", "")
            .replaceAll(
                "\\s*\\((?:for|from|of|start marker|through)[^()]*(?:\\([^()]*\\)[^()]*)*\\)", "")
            .replaceAll("\\s*\\(code \\d+[^)]*\\)", "");
    return at(plain, e.getLocation() == null ? breach(bytes) : e.getLocation());
  }

  private static String at(String words, @Nullable JsonLocation at) {
    return at == null
        ? words + "."
        : "%s, at line %d, column %d.".formatted(words, at.getLineNr(), at.getColumnNr());
  }

  /** Where a bound is broken, which Jackson does not tell with all of them. */
  private static @Nullable JsonLocation breach(byte[] bytes) {
    try (JsonParser parser = MAPPER.createParser(bytes)) {
      try {
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
          if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            var unused = parser.getDecimalValue();
          }
        }
      } catch (StreamConstraintsException | NumberFormatException e) {
        return parser.currentLocation();
      }
    } catch (IOException unreadable) {
      // It is told without a place.
    }
    return null;
  }

  /** Jackson also takes longer forms of a character than UTF-8 has, and halves of surrogates. */
  private static void refuseOtherThanUtf8(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        if (StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError()) {
          throw new ProblemException(
              Problem.Kind.MALFORMED_JSON,
              "The body is not UTF-8, at byte %d.".formatted(in.position()));
        }
        return;
      }
    }
  }

  /** Refuses U+0000, and halves of characters, which become question marks somewhere. */
  private static void refuseOddEscapes(byte[] bytes) {
    for (int i = 0; i + ESCAPE <= bytes.length; i++) {
      if (bytes[i] != '\\') {
        continue;
      }
      if (bytes[i + 1] != 'u') {
        i++;
        continue;
      }
      char c = escaped(bytes, i);
      if (c == 0) {
        throw new ProblemException(
            Problem.Kind.MALFORMED_JSON,
            "The character U+0000 cannot be stored, at byte %d.".formatted(i));
      }
      if (Character.isSurrogate(c)) {
        int next = i + ESCAPE;
        boolean pair =
            next + ESCAPE <= bytes.length
                && bytes[next] == '\\'
                && bytes[next + 1] == 'u'
                && Character.isSurrogatePair(c, escaped(bytes, next));
        if (!pair) {
          throw new ProblemException(
              Problem.Kind.MALFORMED_JSON,
              "A surrogate is half of a character, at byte %d.".formatted(i));
        }
        i = next;
      }
    }
  }

  /** The character whose escape begins here, in JSON that is well-formed. */
  private static char escaped(byte[] bytes, int from) {
    int c = 0;
    for (int i = from + 2; i < from + ESCAPE; i++) {
      c = c * 16 + Character.digit(bytes[i], 16);
    }
    return (char) c;
  }
}
