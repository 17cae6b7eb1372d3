package io.qanat.flags;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Tells whether the provider of flags answers. While it does not, flags stay as they were, or are
 * what the routes say; neither a restart nor another instance helps, so the status is unknown.
 */
@Component
class FlagsHealthIndicator implements HealthIndicator {
  private static final Logger LOG = LoggerFactory.getLogger(FlagsHealthIndicator.class);

  private final AtomicBoolean away = new AtomicBoolean();

  void answers() {
    if (away.compareAndSet(true, false)) {
      LOG.info("The provider of flags answers again");
    }
  }

  void isAway(@Nullable String reason) {
    if (away.compareAndSet(false, true)) {
      LOG.warn(
          "The provider of flags does not answer ({}): flags stay as they were, or are what the"
              + " routes say",
          reason);
    }
  }

  @Override
  public Health health() {
    return away.get()
        ? Health.unknown().withDetail("reason", "the provider does not answer").build()
        : Health.up().build();
  }
}
