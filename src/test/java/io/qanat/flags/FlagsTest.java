package io.qanat.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qanat.flags.FlagsProperties.FlagProvider;
import io.qanat.sandbox.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.actuate.health.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Flags of a file, and of servers that speak flagd's and Unleash's protocols on loopback. */
@ExtendWith(OutputCaptureExtension.class)
class FlagsTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String FLAG = "payment-provider";
  private static final Path NO_FILE = Path.of("none");

  @TempDir private Path folder;
  private final FlagsHealthIndicator health = new FlagsHealthIndicator();

  private Flags of(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("flags.yaml"), text);
    return new Flags(new FlagsProperties(FlagProvider.FILE, file, null, null), health);
  }

  private Flags at(FlagProvider provider, int port) {
    URI url = URI.create("http://127.0.0.1:" + port + "/api");
    return new Flags(new FlagsProperties(provider, NO_FILE, url, "token"), health);
  }

  @Test
  void knowsTheFlagsThatTheHubComesWith() {
    FlagsProperties properties =
        new FlagsProperties(FlagProvider.FILE, Path.of("routes/flags.yaml"), null, null);
    try (Flags flags = new Flags(properties, health)) {
      assertThat(flags.variant(FLAG, "other", null)).isEqualTo("simulator");
    }
  }

  @Test
  void tellsAFlagWithoutLookingIntoTheFile() throws IOException {
    try (Flags flags = of(FlagFileTest.flag("http"))) {
      Files.delete(folder.resolve("flags.yaml"));

      assertThat(flags.variant(FLAG, "simulator", null)).isEqualTo("http");
      assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }
  }

  @ParameterizedTest
  @CsvSource({"unknown-flag, FLAG_NOT_FOUND", "max-items, TYPE_MISMATCH"})
  void isTheDefaultWhereAFlagCannotBeToldAndSaysSoOnce(
      String flag, String reason, CapturedOutput output) throws IOException {
    String numbers =
        "  max-items: {state: ENABLED, variants: {few: 1, many: 9}, defaultVariant: few}\n";
    try (Flags flags = of(FlagFileTest.flag("http") + numbers)) {
      assertThat(flags.variant(flag, "simulator", null)).isEqualTo("simulator");
      assertThat(flags.variant(flag, "simulator", null)).isEqualTo("simulator");
    }
    assertThat(output)
        .containsOnlyOnce("The flag %s is simulator because of %s".formatted(flag, reason));
  }

  @Test
  void givesAShareOfTheKeysAnotherVariantAndEachKeyTheSameAlways() throws IOException {
    String half =
        """
            targeting:
              fractional:
                - [http, 50]
                - [simulator, 50]
        """;
    try (Flags flags = of(FlagFileTest.flag("simulator") + half)) {
      Set<String> first = keysWithHttp(flags);

      assertThat(first).hasSizeBetween(350, 650).isEqualTo(keysWithHttp(flags));
    }
  }

  private static Set<String> keysWithHttp(Flags flags) {
    return IntStream.range(0, 1000)
        .mapToObj(i -> "customer-" + i)
        .filter(key -> flags.variant(FLAG, "none", key).equals("http"))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @EnumSource(names = {"FLAGD", "UNLEASH"})
  void refusesAProviderWhoseAddressIsNotSaid(FlagProvider provider) {
    FlagsProperties properties = new FlagsProperties(provider, NO_FILE, null, null);

    assertThatThrownBy(() -> new Flags(properties, health))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("qanat.flags.provider is [a-z]+, which takes a qanat.flags.url.*");
  }

  @ParameterizedTest
  @EnumSource(names = {"FLAGD", "UNLEASH"})
  void startsWithoutTheProviderAndTakesItsFlagsOnceItIsThere(
      FlagProvider provider, CapturedOutput output) {
    int port = Ports.free();
    try (Flags flags = at(provider, port)) {
      assertThat(flags.variant(FLAG, "simulator", null)).isEqualTo("simulator");
      assertThat(health.health().getStatus()).isEqualTo(Status.UNKNOWN);

      try (FlagServer server = FlagServer.start(provider, port)) {
        server.say("http");
        await().atMost(SOON).until(() -> flags.variant(FLAG, "simulator", null).equals("http"));
        await().atMost(SOON).until(() -> health.health().getStatus().equals(Status.UP));
        assertThat(output).containsOnlyOnce("The provider of flags does not answer");
        assertThat(output).containsOnlyOnce("The provider of flags answers again");
      }
    }
  }

  @Test
  void saysThatUnleashDoesNotKnowTheToken(CapturedOutput output) {
    int port = Ports.free();
    try (FlagServer server = FlagServer.start(FlagProvider.UNLEASH, port)) {
      server.say("http");
      URI url = URI.create("http://127.0.0.1:" + port + "/api");
      try (Flags flags =
          new Flags(new FlagsProperties(FlagProvider.UNLEASH, NO_FILE, url, "wrong"), health)) {
        assertThat(flags.variant(FLAG, "simulator", null)).isEqualTo("simulator");
        assertThat(output).containsPattern("does not answer \\(.*401.*\\)");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLAGD", "UNLEASH"})
  void takesAChangeAndKeepsItWhileTheProviderIsAway(FlagProvider provider) {
    int port = Ports.free();
    try (FlagServer server = FlagServer.start(provider, port)) {
      server.say("simulator");
      try (Flags flags = at(provider, port)) {
        await().atMost(SOON).until(() -> flags.variant(FLAG, "other", null).equals("simulator"));

        server.say("http");
        await().atMost(SOON).until(() -> flags.variant(FLAG, "other", null).equals("http"));

        server.stop();
        await().atMost(SOON).until(() -> health.health().getStatus().equals(Status.UNKNOWN));
        assertThat(flags.variant(FLAG, "other", null)).isEqualTo("http");
      }
    }
  }
}
