package io.qanat.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.autoconfigure.data.redis.RedisHealthContributorAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.cache.CacheMetricsAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.metrics.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.actuate.health.HealthContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.cache.CacheAutoConfiguration;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/** The caches as the hub's own configuration makes them. */
class CacheSettingsTest {
  private final ApplicationContextRunner hub =
      new ApplicationContextRunner()
          .withInitializer(new ConfigDataApplicationContextInitializer())
          .withUserConfiguration(CacheSettings.class, ReadCaches.class)
          .withConfiguration(
              AutoConfigurations.of(
                  CacheAutoConfiguration.class,
                  CacheMetricsAutoConfiguration.class,
                  MetricsAutoConfiguration.class,
                  CompositeMeterRegistryAutoConfiguration.class,
                  SimpleMetricsExportAutoConfiguration.class,
                  RedisHealthContributorAutoConfiguration.class));

  @Test
  void keepsNoMoreBytesThanItMay() {
    hub.withPropertyValues(
            "spring.cache.caffeine.spec=maximumWeight=1000000,expireAfterWrite=10m,recordStats")
        .run(
            context -> {
              ReadCache records = context.getBean(ReadCaches.class).named("records");
              for (int i = 0; i < 100; i++) {
                records.put("r-" + i, new byte[100_000]);
              }
              Cache<?, ?> cache =
                  (Cache<?, ?>)
                      Objects.requireNonNull(
                              context.getBean(CacheManager.class).getCache("records"))
                          .getNativeCache();
              cache.cleanUp();
              assertThat(cache.estimatedSize()).isBetween(1L, 9L);
            });
  }

  @Test
  void countsHitsAndMisses() {
    hub.run(
        context -> {
          ReadCache records = context.getBean(ReadCaches.class).named("records");
          records.get("a");
          records.put("a", new byte[1]);
          records.get("a");
          records.get("a");

          MeterRegistry meters = context.getBean(MeterRegistry.class);
          assertThat(gets(meters, "hit")).isEqualTo(2);
          assertThat(gets(meters, "miss")).isEqualTo(1);
        });
  }

  private static double gets(MeterRegistry meters, String result) {
    return meters
        .get("cache.gets")
        .tag("cache", "records")
        .tag("result", result)
        .functionCounter()
        .count();
  }

  @Test
  void doesNotDependOnTheHealthOfRedis() {
    hub.withPropertyValues("spring.cache.type=redis")
        .run(
            context ->
                assertThat(context)
                    .hasSingleBean(RedisConnectionFactory.class)
                    .doesNotHaveBean(HealthContributor.class));
  }

  @Test
  void keepsNothingWhereThatIsWanted() {
    hub.withPropertyValues("spring.cache.type=none")
        .run(
            context -> {
              ReadCache records = context.getBean(ReadCaches.class).named("records");
              records.put("a", new byte[1]);

              assertThat(records.get("a")).isEmpty();
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"maximumWeight=32M", "maximumWeight=1,expireAfterWrite=soon", "maximumWeight=1,x"})
  void namesThePropertyWhoseValueCannotBeRead(String spec) {
    hub.withPropertyValues("spring.cache.caffeine.spec=" + spec)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining(
                        "IllegalArgumentException: spring.cache.caffeine.spec cannot be read"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "spring.cache.caffeine.spec | maximumSize=1000 | must have a maximumWeight, in bytes",
        "spring.cache.type          | simple | is caffeine, redis or none, not SIMPLE",
      })
  void refusesACacheThatKnowsNoBound(String property, String value, String reason) {
    hub.withPropertyValues(property + "=" + value)
        .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining(reason));
  }
}
