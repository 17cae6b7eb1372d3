package io.qanat.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {
  private static final JsonMapper JSON = new JsonMapper();
  private final Redaction redaction =
      new Redaction(new DeadLetterProperties(List.of("passWord", "iban"), 3, 100));

  @Test
  void hidesAtAnyDepthAndInAnyCase() throws JsonProcessingException {
    JsonNode payload =
        JSON.readTree(
            """
            {"name":"Ada","PASSWORD":"x","list":[{"Iban":{"a":1}},[{"password":null}]],
             "deep":{"deeper":{"iBaN":[1,2],"kept":true}}}""");

    redaction.hide(payload);

    assertThat(payload)
        .isEqualTo(
            JSON.readTree(
                """
                {"name":"Ada","PASSWORD":"***","list":[{"Iban":"***"},[{"password":"***"}]],
                 "deep":{"deeper":{"iBaN":"***","kept":true}}}"""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"password\":\"***\"}          | true",
        "{\"a\":[{\"iban\":\"***\"}]}    | true",
        "{\"a\":{\"b\":{\"IBAN\":\"***\"}}} | true",
        "{\"password\":\"secret\"}       | false",
        "{\"stars\":\"***\"}             | false",
        "{}                              | false"
      })
  void noticesACorrectionThatHoldsTheMark(String correction, boolean marked)
      throws JsonProcessingException {
    assertThat(redaction.isMarked(JSON.readTree(correction))).isEqualTo(marked);
  }

  @Test
  void hidesNothingIfNothingIsNamed() throws JsonProcessingException {
    Redaction none = new Redaction(new DeadLetterProperties(List.of(), 3, 100));
    JsonNode payload = JSON.readTree("{\"password\":\"x\"}");

    none.hide(payload);

    assertThat(payload.path("password").asText()).isEqualTo("x");
    assertThat(none.hidesAnything()).isFalse();
  }
}
