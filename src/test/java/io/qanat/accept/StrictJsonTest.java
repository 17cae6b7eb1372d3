package io.qanat.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrictJsonTest {
  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "                    | The body is empty.",
        "{                   | at line 1, column 2",
        "{\"a\":1}{          | at line 1",
        "{\"a\":1,\"a\":2}   | Duplicate field 'a'",
        "{\"a\":\"\\u0000\"} | U+0000",
        "{\"a\":NaN}         | at line 1",
        "{a:1}               | at line 1",
        "{'a':1}             | at line 1",
        "{\"a\":1e2147483648} | at line 1, column 18",
        "{\"a\":\"\\ud800\"} | half of a character, at byte 6",
        "{\"a\":\"x\\uDC00\\ud800\"} | half of a character, at byte 7",
        "{\"a\":\"\\uD83D\\n\"} | half of a character, at byte 6",
      })
  void refusesWhatReadersReadDifferently(String json, String detail) {
    assertThatThrownBy(() -> StrictJson.read(bytes(json == null ? "" : json)))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(detail);
  }

  @Test
  void readsAValueFromEachLine() {
    assertThat(StrictJson.readLines(bytes("{\"a\":1}\n\r\n [2] \r\n\n3")).toString())
        .isEqualTo("[{\"a\":1},[2],3]");
    assertThat(StrictJson.readLines(bytes("\n \n"))).isEmpty();
  }

  @Test
  void saysInWhichLineItGoesWrong() {
    assertThatThrownBy(() -> StrictJson.readLines(bytes("{}\n\n{\"a\":1} {}\n{}")))
        .isInstanceOf(ProblemException.class)
        .hasMessageStartingWith("In line 3 of the body: ");
  }

  @Test
  void refusesCharactersInFormsThatUtf8DoesNotHave() {
    for (String form : new String[] {"\u00C0\u00AF", "\u00E0\u0080\u00AF", "\u00ED\u00A0\u0080"}) {
      byte[] body = ("{\"a\":\"" + form + "\"}").getBytes(StandardCharsets.ISO_8859_1);

      assertThatThrownBy(() -> StrictJson.read(body))
          .isInstanceOf(ProblemException.class)
          .hasMessageContaining("UTF-8");
    }
    for (String json :
        new String[] {
          "{\"a\":\"\u00F6\u20AC\uD83D\uDE00\"}", "{\"a\":\"\u00F6\\u20Ac\\ud83D\\uDE00\"}"
        }) {
      assertThat(StrictJson.read(bytes(json)).path("a").asText())
          .isEqualTo("\u00F6\u20AC\uD83D\uDE00");
    }
  }

  @Test
  void refusesDepthAndNumbersThatCostTooMuch() {
    String deep = "[".repeat(100) + "]".repeat(100);

    assertThatThrownBy(() -> StrictJson.read(bytes(deep)))
        .isInstanceOf(ProblemException.class)
        .hasMessageMatching(
            "Document nesting depth \\(65\\) exceeds the maximum allowed \\(64\\), at line 1, column \\d+.");
    assertThatThrownBy(() -> StrictJson.read(bytes("9".repeat(1000))))
        .isInstanceOf(ProblemException.class);
  }

  @Test
  void tellsNoInternals() {
    for (String json :
        new String[] {"{\"a\":tru}", "[".repeat(100), "{\"a\":\u0007}", "9".repeat(200)}) {
      ProblemException e =
          catchThrowableOfType(ProblemException.class, () -> StrictJson.read(bytes(json)));

      assertThat(e.problem().detail())
          .doesNotContain("StreamReadConstraints", "com.fasterxml", "Source", "REDACTED", "`")
          .endsWith(".");
    }
  }

  @Test
  void keepsEveryDigitOfANumber() {
    assertThat(StrictJson.read(bytes("{\"a\":0.10000000000000000001}")).path("a").decimalValue())
        .isEqualByComparingTo("0.10000000000000000001");
  }

  @Test
  void keepsAnEscapedBackslashBeforeTheLetterU() {
    assertThat(StrictJson.read(bytes("{\"a\":\"\\\\u0000\"}")).path("a").asText())
        .isEqualTo("\\u0000");
  }
}
