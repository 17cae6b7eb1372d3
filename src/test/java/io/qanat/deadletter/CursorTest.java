package io.qanat.deadletter;

import static io.qanat.deadletter.Samples.ID;
import static io.qanat.deadletter.Samples.died;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.qanat.accept.ProblemException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  @Test
  void comesBackAsItWasGiven() {
    Cursor cursor = Cursor.behind(DeadLetter.of(ID, List.of(died(10, 0, 1))));

    assertThat(Cursor.parse(cursor.toText())).isEqualTo(cursor);
    assertThat(cursor.toText()).matches("[A-Za-z0-9_-]+");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "*", "bm9zcGFjZQ", "eCB5"})
  void isRefusedIfItIsNone(String text) {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> Cursor.parse(text))
        .satisfies(e -> assertThat(e.problem().kind().status()).isEqualTo(400));
  }
}
