package io.qanat.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferWaitTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "wait=5                             | 5",
        "WAIT = 5                           | 5",
        "respond-async, wait=10             | 10",
        "wait=\"7\"                         | 7",
        "wait=5; x=y                        | 5",
        "foo=\"a, wait=9\", wait=5          | 5",
        "foo=\"a\\\", wait=9\", wait=5      | 5",
        "wait=5, wait=9                     | 5",
        ", ,wait=5                          | 5",
        "handling=lenient                   | 0",
        "wait                               | 0",
        "wait=                              | 0",
        "wait=soon                          | 0",
        "wait=-1                            | 0",
        "wait=1.5                           | 0",
        "wait=5s                            | 0",
        "wait=9999999999                    | 0",
        "wait=soon, wait=5                  | 0",
        "await=5                            | 0",
        "foo; wait=5                        | 0",
        "foo=\"a, wait=5                    | 0",
        "wait=5 6                           | 0",
        "``                                 | 0",
      })
  void understandsWhatTheRfcSaysAndPassesOverTheRest(String header, int seconds) {
    assertThat(PreferWait.seconds(header)).isEqualTo(seconds);
  }

  @Test
  void readsSeveralHeadersAsOne() {
    assertThat(PreferWait.seconds(List.of("respond-async", "wait=4"))).isEqualTo(4);
    assertThat(PreferWait.seconds(null)).isZero();
  }

  @Test
  void passesOverAHeaderOfUnreasonableLength() {
    assertThat(PreferWait.seconds("wait=5," + "\"\\".repeat(500))).isZero();
  }
}
