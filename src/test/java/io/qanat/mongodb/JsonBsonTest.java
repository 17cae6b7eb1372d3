package io.qanat.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Random;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBsonTest {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"a\":[1,-2147483649,null,true,\"x\\u0000y\",{\"b\":{}}]}",
        "{\"$gt\":\"\",\"$where\":{\"a.b\":1,\"a$b\":2,\"\":3},\"\\u0000\":4}",
        "{\"%\":1,\"%24\":2,\"100%\":3,\"%2e\":4,\"%2\":5,\"%zz\":6,\"%2E\":7}",
        "{\"n\":[0.1,1.5e10,1e-7,123456789012345678901234567890.1234,9223372036854775808,1.10]}",
        "{\"_id\":{\"$oid\":\"65f1c0\"},\"été\":\"π\",\"pair\":\"\\ud83d\\ude00\"}"
      })
  void givesBackWhatItWasGiven(String text) {
    BsonDocument kept = JsonBson.bson(json(text)).asDocument();

    assertThat(isSame(JsonBson.json(kept), json(text))).as("%s", JsonBson.json(kept)).isTrue();
  }

  /** Numbers are the same if they are equal, whatever their type. */
  private static boolean isSame(JsonNode a, JsonNode b) {
    return a.equals(
        (x, y) ->
            x.isNumber() && y.isNumber()
                ? x.decimalValue().compareTo(y.decimalValue())
                : x.equals(y) ? 0 : 1,
        b);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"$a\":1}", "{\"a.b\":1}", "{\"a\":{\"b\\u0000\":1}}"})
  void keepsNoNameThatAServerRefuses(String text) {
    assertThat(JsonBson.bson(json(text)).asDocument().toJson())
        .doesNotContain("\"$")
        .doesNotContain(".")
        .doesNotContain("\\u0000");
  }

  @Test
  void keepsEachNumberInTheSmallestTypeThatHoldsIt() {
    assertThat(JsonBson.bson(json("[1,1.0,1e3,2147483648,0.1,0.30000000000000000001]")).asArray())
        .containsExactly(
            new BsonInt32(1),
            new BsonInt32(1),
            new BsonInt32(1000),
            new BsonInt64(2_147_483_648L),
            new BsonDouble(0.1),
            new BsonDecimal128(Decimal128.parse("0.30000000000000000001")));
  }

  @RepeatedTest(100)
  void keepsFifteenDigitsInADouble(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    long digits = random.nextLong(1, 1_000_000_000_000_000L) / 10 * 10 + 1;
    BigDecimal number = BigDecimal.valueOf(digits, random.nextInt(1, 290));

    BsonValue kept = JsonBson.number(DecimalNode.valueOf(number));

    assertThat(kept).isInstanceOf(BsonDouble.class);
    assertThat(JsonBson.json(kept).decimalValue()).isEqualByComparingTo(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.23456789012345678901234567890123456", "1e7000", "1e-7000"})
  void refusesANumberThatWouldBeAnother(String number) {
    assertThatThrownBy(() -> JsonBson.bson(json(number)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"\\ud800\"", "\"x\\udc00\\ud800\"", "[\"\\ud83dx\"]", "{\"\\ud83dx\":1}"})
  void refusesATextThatWouldBeAnother(String text) {
    assertThatThrownBy(() -> JsonBson.bson(json(text)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"90, true", "91, false"})
  void takesAsManyLevelsAsMongoDbDoes(int levels, boolean taken) {
    for (String level : List.of("[?]", "{\"a\":?}")) {
      String[] ends = level.split("\\?", -1);
      JsonNode deep = json(ends[0].repeat(levels) + "1" + ends[1].repeat(levels));

      if (taken) {
        assertThat(JsonBson.json(JsonBson.bson(deep))).isEqualTo(deep);
      } else {
        assertThatThrownBy(() -> JsonBson.bson(deep)).isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void showsWhatJsonLacksAsText() {
    BsonDocument odd =
        BsonDocument.parse(
            """
            {a: {$date: "2026-10-05T10:00:00.123Z"}, b: {$oid: "65f1c0ffee65f1c0ffee65f1"}, c: {$numberDouble: "NaN"},
             d: {$numberDecimal: "-0"}, e: {$numberDecimal: "Infinity"}, f: {$undefined: true}}
            """);

    assertThat(JsonBson.json(odd).toString())
        .isEqualTo(
            "{\"a\":\"2026-10-05T10:00:00.123Z\",\"b\":\"65f1c0ffee65f1c0ffee65f1\",\"c\":\"NaN\","
                + "\"d\":\"-0\",\"e\":\"Infinity\",\"f\":null}");
  }
}
