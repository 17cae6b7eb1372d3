package io.qanat.bench;

import java.util.Collection;

/** What many measured values come to. */
final class Figures {
  private Figures() {}

  static double median(Collection<? extends Number> values) {
    return quantile(values, 0.5);
  }

  /** The least value that the given share of the values does not exceed; not a number of none. */
  static double quantile(Collection<? extends Number> values, double share) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    double[] sorted = values.stream().mapToDouble(Number::doubleValue).sorted().toArray();
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
