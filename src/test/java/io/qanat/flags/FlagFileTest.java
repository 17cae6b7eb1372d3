package io.qanat.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class FlagFileTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration OFTEN = Duration.ofMillis(20);

  @TempDir private Path folder;

  private Path file(String text) {
    try {
      return Files.writeString(folder.resolve("flags.yaml"), text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A file with one flag, which is this variant. */
  static String flag(String variant) {
    return """
        flags:
          payment-provider:
            state: ENABLED
            variants: {simulator: simulator, http: http}
            defaultVariant: %s
        """
        .formatted(variant);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "flags: {a: {state: ENABLED                       | is no YAML",
        "flags: {a: 1}                                    | is no file of flags",
        "flag: {}                                         | is no file of flags",
        "flags: {a: {state: ON, variants: {x: x}, defaultVariant: x}} | is no file of flags",
        "flags: {a: {state: ENABLED, variants: {x: x}, defaultVariant: y}} | a has no variant 'y'",
        "{flags: {}, flags: {}}                           | is no YAML: Duplicate field 'flags'",
        "``                                               | is no file of flags",
      })
  void refusesAFileThatIsNoneInOneLine(String text, String reason) {
    Path file = file(text);

    assertThatThrownBy(() -> new FlagFile(file, SOON))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .contains("flags.yaml", reason)
        .hasLineCount(1);
  }

  @Test
  void refusesAFileThatIsNotThere() {
    assertThatThrownBy(() -> new FlagFile(folder.resolve("none.yaml"), SOON))
        .hasMessageMatching("the file of flags .*none.yaml cannot be read");
  }

  @Test
  void tellsWhatIsInItAndEachChange() throws Exception {
    Path file = file(flag("simulator"));
    FlagFile flags = new FlagFile(file, OFTEN);
    flags.init();
    try {
      assertThat(flags.getStreamQueue().take().getFlagData())
          .contains("\"defaultVariant\":\"simulator\"");

      file(flag("http"));
      assertThat(flags.getStreamQueue().take().getFlagData())
          .contains("\"defaultVariant\":\"http\"");
    } finally {
      flags.shutdown();
    }
  }

  @Test
  void passesOverAChangeThatIsNoFileOfFlagsAndSaysSoOnce(CapturedOutput output) throws Exception {
    Path file = file(flag("simulator"));
    FlagFile flags = new FlagFile(file, OFTEN);
    flags.getStreamQueue().take();
    flags.init();
    try {
      for (String wrong : List.of("flags: 1", "gone")) {
        if (wrong.equals("gone")) {
          Files.delete(file);
        } else {
          file(wrong);
        }
        String reason = wrong.equals("gone") ? "cannot be read" : "is no file of flags";
        await().atMost(SOON).until(() -> output.getOut().contains(reason));
      }
      file(flag("http"));

      assertThat(flags.getStreamQueue().take().getFlagData())
          .contains("\"defaultVariant\":\"http\"");
      assertThat(output).containsOnlyOnce("The flags stay as they are: the file of flags");
      assertThat(output).containsOnlyOnce("is no file of flags");
    } finally {
      flags.shutdown();
    }
  }
}
