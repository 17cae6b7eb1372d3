package io.qanat.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HoldNoteTest {
  private static final Instant SINCE = Instant.parse("2026-01-05T10:15:30.123Z");

  @Test
  void isReadFromTheMetadataThatItGave() {
    HoldNote note = new HoldNote("HTTP_503", "\"Service\"\nunavailable é", SINCE);

    assertThat(HoldNote.parse(note.toMetadata())).contains(note);
  }

  /** Kafka's offset.metadata.max.bytes is 4096 by default; a commit over it fails. */
  @ParameterizedTest
  @ValueSource(strings = {"x", "\"", "\u0001", "水", "a😀"})
  void fitsIntoKafkasBoundHoweverLongTheMessageIs(String character) {
    String metadata = new HoldNote("HTTP_503", character.repeat(5_000), SINCE).toMetadata();

    assertThat(metadata.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(4_096);
    HoldNote read = HoldNote.parse(metadata).orElseThrow();
    assertThat(read.message()).startsWith(character).hasSizeGreaterThan(100);
    assertThat(read.message().getBytes(StandardCharsets.UTF_8)).doesNotContain((byte) '?');
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "by another tool",
        "{",
        "{}",
        "{\"held\":1}",
        "{\"held\":\"X\",\"message\":\"m\"}",
        "{\"held\":\"X\",\"message\":\"m\",\"since\":\"noon\"}"
      })
  void isNotReadFromMetadataOfOthers(String metadata) {
    assertThat(HoldNote.parse(metadata)).isEmpty();
  }
}
