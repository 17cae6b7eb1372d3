package io.qanat.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one measured round of one load on one server came to.
 *
 * @param perSecond requests per second
 * @param p50 the time within which half of them were answered, in ms
 * @param p99 the time within which 99 of 100 were answered, in ms
 * @param cpuMicros the server's processor time per request, in us
 */
record Round(double perSecond, double p50, double p99, double cpuMicros) {
  /** Each figure's median. */
  static Round median(List<Round> rounds) {
    return new Round(
        median(rounds, Round::perSecond),
        median(rounds, Round::p50),
        median(rounds, Round::p99),
        median(rounds, Round::cpuMicros));
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
    return Figures.median(rounds.stream().mapToDouble(figure).boxed().toList());
  }
}
