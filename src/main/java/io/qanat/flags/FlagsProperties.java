package io.qanat.flags;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Who decides about flags.
 *
 * @param provider who
 * @param file the file of flags, for {@link FlagProvider#FILE}
 * @param url where the others are: flagd's sync port, such as {@code http://127.0.0.1:8015}, or
 *     Unleash's API, such as {@code https://unleash.example.com/api}
 * @param token Unleash's token for clients
 */
@ConfigurationProperties("qanat.flags")
record FlagsProperties(
    FlagProvider provider, Path file, @Nullable URI url, @Nullable String token) {

  /** Those who can decide. */
  enum FlagProvider {
    /** A file beside the routes. */
    FILE,
    /** A flagd daemon. */
    FLAGD,
    /** An Unleash server. */
    UNLEASH
  }

  /** Where the provider is, which it cannot be asked without. */
  URI requiredUrl() {
    if (url == null || url.getHost() == null) {
      throw new IllegalArgumentException(
          "qanat.flags.provider is %s, which takes a qanat.flags.url, such as %s"
              .formatted(
                  provider.name().toLowerCase(Locale.ROOT),
                  provider == FlagProvider.FLAGD
                      ? "http://127.0.0.1:8015"
                      : "https://unleash.example.com/api"));
    }
    return url;
  }
}
