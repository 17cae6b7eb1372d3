package io.qanat.bench;

import java.util.Collection;

/** What many measured values come to. */
final class Figures {
  private Figures() {}

  /** The middle one, or the mean of both; not a number of none. */
  static double median(Collection<? extends Number> values) {
    double[] sorted = sorted(values);
    return sorted.length == 0
        ? Double.NaN
        : (sorted[sorted.length / 2] + sorted[(sorted.length - 1) / 2]) / 2;
  }

  /** The least value that the given share of the values does not exceed; not a number of none. */
  static double quantile(Collection<? extends Number> values, double share) {
    double[] sorted = sorted(values);
    return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(share * sorted.length) - 1];
  }

  private static double[] sorted(Collection<? extends Number> values) {
    return values.stream().mapToDouble(Number::doubleValue).sorted().toArray();
  }
}
