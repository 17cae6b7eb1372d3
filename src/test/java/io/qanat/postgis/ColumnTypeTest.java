package io.qanat.postgis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qanat.deliver.EventTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times are read as Java reads them. */
class ColumnTypeTest {

  @Test
  void readsWhatJavaWrites() {
    Random random = new Random(7);
    for (int i = 0; i < 100_000; i++) {
      Instant time =
          Instant.ofEpochSecond(
              random.nextLong(-62_135_596_800L, 253_402_300_800L),
              random.nextInt(3) == 0 ? 0 : random.nextInt(1_000_000_000));
      assertThat(ColumnType.micros(EventTime.parse(time.toString())))
          .as("%s", time)
          .isEqualTo(ColumnType.micros(time));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2000-01-01T00:00:00Z, 0",
    "2000-01-01T00:00:01.5Z, 1500000",
    "2000-01-01T00:00:00.0000019Z, 1",
    "2000-02-29T00:00:00Z, 5097600000000",
    "2000-01-01T02:00:00+02:00, 0",
    "2000-01-01 00:01:00Z, 60000000",
    "2000-01-01T00:01, 60000000",
    "2000-01-01T00:01Z, 60000000"
  })
  void readsEveryForm(String text, long micros) {
    assertThat(ColumnType.micros(EventTime.parse(text))).isEqualTo(micros);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "2001-02-29T00:00:00Z",
        "2000-13-01T00:00:00Z",
        "2000-00-01T00:00:00Z",
        "2000-01-00T00:00:00Z",
        "2000-01-01T24:00:01Z",
        "2000-01-01T00:60:00Z",
        "2000-01-01T00:00:60Z",
        "2000-01-01T00:00:00.1234567890Z",
        "2000-01-01T00:00:0٣Z",
        "+000-01-01T00:00:00Z"
      })
  void refusesWhatIsNoTime(String text) {
    assertThatThrownBy(() -> EventTime.parse(text)).isInstanceOf(DateTimeException.class);
  }
}
