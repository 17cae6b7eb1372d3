package io.qanat.flags;

import dev.openfeature.contrib.providers.flagd.Config;
import dev.openfeature.contrib.providers.flagd.FlagdOptions;
import dev.openfeature.contrib.providers.flagd.FlagdProvider;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.Value;
import dev.openfeature.sdk.exceptions.OpenFeatureError;
import io.qanat.flags.FlagsProperties.FlagProvider;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Tells the variants of flags. They are evaluated in the hub, from what the provider has told
 * before: no evaluation waits for anything, and none fails.
 */
@Component
public class Flags implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Flags.class);
  private static final Duration LOOK = Duration.ofSeconds(5);
  // The first flags are waited for twice as long.
  private static final int FILE_MS = 15_000;
  private static final int FLAGD_MS = 1_000;
  private static final int SYNC_PORT = 8015;

  private final OpenFeatureAPI api = OpenFeatureAPI.createIsolated();
  private final Client client = api.getClient();
  private final Set<String> unknown = ConcurrentHashMap.newKeySet();

  /**
   * Waits for the provider, though not for long: a hub starts without it.
   *
   * @throws IllegalArgumentException that says what is wrong with the properties, or with the file
   */
  Flags(FlagsProperties properties, FlagsHealthIndicator health) {
    FeatureProvider provider =
        switch (properties.provider()) {
          case FILE ->
              inProcess(FILE_MS, b -> b.customConnector(new FlagFile(properties.file(), LOOK)));
          case FLAGD -> flagd(properties.requiredUrl());
          case UNLEASH -> UnleashFlags.provider(properties, health);
        };
    if (properties.provider() == FlagProvider.FLAGD) {
      client.onProviderReady(event -> health.answers());
      client.onProviderError(event -> health.isAway(event.getMessage()));
    }
    try {
      api.setProviderAndWait(provider);
    } catch (OpenFeatureError e) {
      health.isAway(e.getMessage());
    }
  }

  private static FeatureProvider flagd(URI url) {
    boolean tls = "https".equals(url.getScheme());
    int port = url.getPort() < 0 ? SYNC_PORT : url.getPort();
    return inProcess(FLAGD_MS, b -> b.host(url.getHost()).port(port).tls(tls));
  }

  private static FeatureProvider inProcess(
      int deadlineMs, UnaryOperator<FlagdOptions.FlagdOptionsBuilder> rest) {
    return new FlagdProvider(
        rest.apply(
                FlagdOptions.builder()
                    .resolverType(Config.Resolver.IN_PROCESS)
                    .deadline(deadlineMs))
            .build());
  }

  /**
   * The variant that a flag has.
   *
   * @param name the flag
   * @param otherwise what it is where that cannot be told
   * @param key whom or what it is asked for, if that may make a difference
   */
  String variant(String name, String otherwise, @Nullable String key) {
    FlagEvaluationDetails<String> details = client.getStringDetails(name, otherwise, context(key));
    if (details.getErrorCode() == null) {
      if (unknown.remove(name)) {
        LOG.info("The flag {} can be told again", name);
      }
    } else if (unknown.add(name)) {
      LOG.warn("The flag {} is {} because of {}", name, otherwise, details.getErrorCode());
    }
    return details.getValue();
  }

  private static ImmutableContext context(@Nullable String key) {
    return key == null
        ? new ImmutableContext()
        : new ImmutableContext(key, Map.of(UnleashFlags.KEY, new Value(key)));
  }

  @Override
  public void close() {
    api.shutdown();
  }
}
