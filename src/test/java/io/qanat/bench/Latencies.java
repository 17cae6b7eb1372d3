package io.qanat.bench;

import java.util.Arrays;

/** How long requests took, to the microsecond. */
final class Latencies {
  private static final int LONGEST = 2_000_000;

  private final int[] counts = new int[LONGEST + 1];
  private long total;

  void add(long nanos) {
    counts[(int) Math.min(LONGEST, nanos / 1_000)]++;
    total++;
  }

  /** How many requests were answered. */
  long total() {
    return total;
  }

  /** The time within which the given share of requests was answered. */
  double millis(double share) {
    long wanted = (long) Math.ceil(total * share);
    long seen = 0;
    for (int micros = 0; micros <= LONGEST; micros++) {
      seen += counts[micros];
      if (seen >= wanted) {
        return micros / 1_000.0;
      }
    }
    throw new IllegalStateException("No requests: " + Arrays.stream(counts).sum());
  }
}
