package io.qanat.sandbox.salesforce;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Counts API calls over a rolling 24 hours, and those that run at once. */
final class Metering {
  private static final long WINDOW_MINUTES = Duration.ofHours(24).toMinutes();

  private static final class Minute {
    private final long number;
    private long calls;

    private Minute(long number) {
      this.number = number;
    }
  }

  private final Clock clock;
  private final Deque<Minute> minutes = new ArrayDeque<>();
  private long dailyLimit = 1_000_000;
  private long concurrentLimit = Long.MAX_VALUE;
  private long running;

  Metering(Clock clock) {
    this.clock = clock;
  }

  synchronized void limitDaily(long limit) {
    dailyLimit = limit;
  }

  synchronized void limitConcurrent(long limit) {
    concurrentLimit = limit;
  }

  /** Makes it look as if this many calls had been made just now, and no others. */
  synchronized void used(long calls) {
    minutes.clear();
    current().calls = calls;
  }

  /** Lets a call in, to be followed by {@link #ended}, or refuses it. */
  synchronized void begin() {
    if (running >= concurrentLimit) {
      throw limitExceeded("ConcurrentRequests (Concurrent API Requests) Limit exceeded.");
    }
    if (usage() >= dailyLimit) {
      throw limitExceeded("TotalRequests Limit exceeded.");
    }
    current().calls++;
    running++;
  }

  synchronized void ended() {
    running--;
  }

  synchronized long usage() {
    long oldest = now() - WINDOW_MINUTES;
    while (!minutes.isEmpty() && minutes.getFirst().number <= oldest) {
      minutes.removeFirst();
    }
    return minutes.stream().mapToLong(minute -> minute.calls).sum();
  }

  synchronized long dailyLimit() {
    return dailyLimit;
  }

  synchronized String info() {
    return "api-usage=" + usage() + "/" + dailyLimit;
  }

  private Minute current() {
    if (minutes.isEmpty() || minutes.getLast().number != now()) {
      minutes.addLast(new Minute(now()));
    }
    return minutes.getLast();
  }

  private long now() {
    return clock.instant().getEpochSecond() / 60;
  }

  private static ApiException limitExceeded(String message) {
    return new ApiException(403, "REQUEST_LIMIT_EXCEEDED", message);
  }
}
