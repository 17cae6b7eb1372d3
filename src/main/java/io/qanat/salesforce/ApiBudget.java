package io.qanat.salesforce;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last calls of the org's daily limit for others: no calls from 95 % of the limit until
 * usage is below 75 %. Usage is learnt from answers only, so while it holds, one call per interval
 * is let through to look.
 */
final class ApiBudget {
  static final double STOP = 0.95;
  static final double RESUME = 0.75;
  static final Duration PROBE_INTERVAL = Duration.ofMinutes(1);
  private static final Pattern USAGE =
      Pattern.compile("(?<![\\w-])api-usage=(\\d{1,18})/(\\d{1,18})");

  private final Clock clock;
  private double usage;
  private boolean holding;
  private Instant nextProbe = Instant.MIN;

  ApiBudget(Clock clock) {
    this.clock = clock;
  }

  /** Whether a call may be made now; asking takes the probe of this interval. */
  synchronized boolean takeCall() {
    if (!holding) {
      return true;
    }
    Instant now = clock.instant();
    if (now.isBefore(nextProbe)) {
      return false;
    }
    nextProbe = now.plus(PROBE_INTERVAL);
    return true;
  }

  /** Learns from an answer's {@code Sforce-Limit-Info}. */
  synchronized void observe(@Nullable String limitInfo) {
    var match = USAGE.matcher(limitInfo == null ? "" : limitInfo);
    if (!match.find() || Long.parseLong(match.group(2)) == 0) {
      return;
    }
    usage = (double) Long.parseLong(match.group(1)) / Long.parseLong(match.group(2));
    if (!holding && usage >= STOP) {
      holding = true;
      nextProbe = clock.instant().plus(PROBE_INTERVAL);
    } else if (holding && usage < RESUME) {
      holding = false;
    }
  }

  /** The share of the daily limit that is used, as last told. */
  synchronized double usage() {
    return usage;
  }
}
