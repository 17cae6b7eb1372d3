package io.qanat.flags;

import dev.openfeature.contrib.providers.unleash.UnleashProvider;
import dev.openfeature.contrib.providers.unleash.UnleashProviderConfig;
import dev.openfeature.sdk.FeatureProvider;
import io.getunleash.UnleashException;
import io.getunleash.event.ClientFeaturesResponse;
import io.getunleash.event.UnleashSubscriber;
import io.getunleash.util.UnleashConfig;
import io.getunleash.util.UnleashScheduledExecutorImpl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;

/** Flags of an Unleash server, which is asked every ten seconds. */
final class UnleashFlags {
  /** What Unleash looks at to give one user the same variant always. */
  static final String KEY = "userId";

  private static final Duration SOON = Duration.ofSeconds(2);

  private UnleashFlags() {}

  static FeatureProvider provider(FlagsProperties properties, FlagsHealthIndicator health) {
    UnleashConfig.Builder config =
        UnleashConfig.builder()
            .appName("qanat")
            .unleashAPI(properties.requiredUrl())
            .fetchTogglesConnectTimeout(SOON)
            .fetchTogglesReadTimeout(SOON)
            .synchronousFetchOnInitialisation(true)
            .startupExceptionHandler(e -> health.isAway(reason(e)))
            // The usual one is the JVM's, and gone after its first hub.
            .scheduledExecutor(new UnleashScheduledExecutorImpl())
            .backupFile(backup())
            .subscriber(new Watch(health));
    if (properties.token() != null) {
      config.apiKey(properties.token());
    }
    return new UnleashProvider(
        UnleashProviderConfig.builder().unleashConfigBuilder(config).build());
  }

  /** Its client insists on one; the usual one is in a folder that everybody may write to. */
  private static String backup() {
    try {
      return Files.createTempDirectory("qanat-flags").resolve("unleash.json").toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String reason(UnleashException e) {
    return String.valueOf(
        e.getCause() == null ? e.getMessage() : e.getCause().getClass().getSimpleName());
  }

  /** Notices whether the server answers. */
  private record Watch(FlagsHealthIndicator health) implements UnleashSubscriber {
    @Override
    public void togglesFetched(ClientFeaturesResponse response) {
      if (response.getStatus() == ClientFeaturesResponse.Status.UNAVAILABLE) {
        health.isAway("HTTP " + response.getHttpStatusCode());
      } else {
        health.answers();
      }
    }

    @Override
    public void onError(UnleashException e) {
      health.isAway(reason(e));
    }
  }
}
