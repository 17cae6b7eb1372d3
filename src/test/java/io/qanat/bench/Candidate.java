package io.qanat.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One load on one server, measured in rounds. */
class Candidate {
  private final MeasuredJvm jvm;
  private final ClosedLoop load;
  private final List<Round> rounds;

  /**
   * A candidate whose server answers already.
   *
   * @param rounds where its rounds are kept, with those of its name's other starts
   */
  Candidate(MeasuredJvm jvm, ClosedLoop load, List<Round> rounds) {
    this.jvm = jvm;
    this.load = load;
    this.rounds = rounds;
    jvm.await(load::isAnswered);
  }

  /** Warms each of them up, and then measures them in turns. */
  static void alternate(List<? extends Candidate> candidates) throws IOException {
    for (Candidate candidate : candidates) {
      candidate.load.run(BenchSettings.warmup());
    }
    List<Candidate> turns = new ArrayList<>(candidates);
    for (int i = 0; i < BenchSettings.rounds(); i++) {
      for (Candidate candidate : turns) {
        candidate.measure();
      }
      Collections.rotate(turns, 1);
    }
  }

  /** One round. */
  void measure() throws IOException {
    Duration cpu = jvm.cpu();
    long start = System.nanoTime();
    Latencies latencies = load.run(BenchSettings.measure());
    double seconds = (System.nanoTime() - start) / 1e9;
    double cpuMicros = jvm.cpu().minus(cpu).toNanos() / 1e3 / latencies.total();
    rounds.add(
        new Round(
            latencies.total() / seconds, latencies.millis(0.5), latencies.millis(0.99), cpuMicros));
  }
}
