package io.qanat.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PauseTest {
  @Test
  void survivesTheTopic() {
    Pause pause = new Pause(true, "Ann \"A\"", Instant.parse("2026-11-21T12:00:00Z"));

    assertThat(Pause.parse(pause.toJson())).contains(pause);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "{\"paused\":\"yes\",\"by\":\"ann\",\"at\":\"2026-11-21T12:00:00Z\"}",
        "{\"paused\":true,\"by\":\"ann\",\"at\":\"noon\"}"
      })
  void isNoPauseWhenItCannotBeRead(String value) {
    assertThat(Pause.parse(value.getBytes(StandardCharsets.UTF_8))).isEmpty();
  }
}
