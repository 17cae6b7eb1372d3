package io.qanat.salesforce;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ApiBudgetTest {
  private Instant now = Instant.parse("2026-11-21T10:00:00Z");
  private final ApiBudget budget =
      new ApiBudget(
          new Clock() {
            @Override
            public Instant instant() {
              return now;
            }

            @Override
            public ZoneId getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }
          });

  @Test
  void letsCallsThroughBelowTheReserve() {
    budget.observe("api-usage=949/1000");

    assertThat(budget.takeCall()).isTrue();
    assertThat(budget.usage()).isEqualTo(0.949);
  }

  @Test
  void holdsFromNinetyFivePercentUntilBelowSeventyFive() {
    budget.observe("api-usage=950/1000");
    assertThat(budget.takeCall()).isFalse();

    budget.observe("api-usage=750/1000");
    assertThat(budget.takeCall()).isFalse();

    budget.observe("api-usage=749/1000");
    assertThat(budget.takeCall()).isTrue();
  }

  @Test
  void letsOneCallPerIntervalLookWhileItHolds() {
    budget.observe("api-usage=1000/1000");
    now = now.plus(ApiBudget.PROBE_INTERVAL).minusMillis(1);
    assertThat(budget.takeCall()).isFalse();

    now = now.plus(Duration.ofMillis(1));
    assertThat(budget.takeCall()).isTrue();
    assertThat(budget.takeCall()).isFalse();
  }

  @Test
  void learnsNothingFromWhatItCannotRead() {
    budget.observe("api-usage=96/100");
    budget.observe(null);
    budget.observe("api-usage=5/0");
    budget.observe("per-app-api-usage=17/250(appName=x)");

    assertThat(budget.takeCall()).isFalse();
  }

  @Test
  void readsTheOrgsUsageBesideThatOfTheApp() {
    budget.observe("api-usage=10/100; per-app-api-usage=99/100(appName=x)");

    assertThat(budget.usage()).isEqualTo(0.1);
  }
}
