package io.qanat.deliver;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Real time; a pause ends early when the hub stops. */
final class SystemPace implements DeliveryEngine.Pace {
  private static final Duration STEP = Duration.ofMillis(100);

  private final BooleanSupplier stopping;

  SystemPace(BooleanSupplier stopping) {
    this.stopping = stopping;
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void pause(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    try {
      for (long left = duration.toNanos();
          left > 0 && !stopping.getAsBoolean();
          left = end - System.nanoTime()) {
        java.util.concurrent.TimeUnit.NANOSECONDS.sleep(Math.min(left, STEP.toNanos()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
