package io.qanat.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Ways of a backlog into one and the same store, measured in turns. */
final class Race {
  private final String unit;
  private final String server;
  private final List<Scenario> scenarios;

  /** What a way came to: how much a second, that of its second half, and processor time of each. */
  record Run(double rate, double warmRate, double cpuMicros, double serverMicros) {
    /**
     * @param nanos how long it took
     * @param warmNanos how long its second half took
     */
    static Run of(
        long count, long nanos, long warm, long warmNanos, Duration cpu, Duration server) {
      return new Run(
          count * 1e9 / nanos,
          warm * 1e9 / warmNanos,
          cpu.toNanos() / 1e3 / count,
          server.toNanos() / 1e3 / count);
    }
  }

  /** A way into the store. */
  record Scenario(String name, Way way, List<Run> runs) {
    Scenario(String name, Way way) {
      this(name, way, new ArrayList<>());
    }

    private double median(ToDoubleFunction<Run> figure) {
      return Figures.median(runs.stream().map(figure::applyAsDouble).toList());
    }
  }

  /** Takes all of the backlog into the store. */
  interface Way {
    Run run() throws Exception;
  }

  /** What comes before or after a way is measured. */
  interface Step {
    void take(Scenario scenario) throws Exception;
  }

  /** Where a backlog goes, watched from outside. */
  interface Store {
    /** How much it holds. */
    long count() throws Exception;

    /** Waits for the first. */
    void awaitFirst(MeasuredJvm jvm) throws Exception;

    /** Waits until about this part of the backlog is there. */
    void await(double part, MeasuredJvm jvm) throws Exception;

    /** The processor time of its server so far. */
    Duration cpu();
  }

  /**
   * @param unit what is delivered
   * @param server what takes it
   */
  Race(String unit, String server, List<Scenario> scenarios) {
    this.unit = unit;
    this.server = server;
    this.scenarios = scenarios;
  }

  /** Measures each way as often as the settings say. */
  void run(Step before, Step after) throws Exception {
    List<Scenario> turns = new ArrayList<>(scenarios);
    for (int i = 0; i < BenchSettings.rounds(); i++) {
      for (Scenario scenario : turns) {
        before.take(scenario);
        scenario.runs().add(scenario.way().run());
        after.take(scenario);
      }
      Collections.rotate(turns, 1);
    }
  }

  /** Measures how a process takes the whole backlog, from the first that is there. */
  static Run watch(MeasuredJvm jvm, Store store, long size) throws Exception {
    store.awaitFirst(jvm);
    long first = System.nanoTime();
    long begun = store.count();
    Duration cpu = jvm.cpu();
    Duration server = store.cpu();
    store.await(0.5, jvm);
    long half = System.nanoTime();
    long atHalf = store.count();
    store.await(1, jvm);
    long all = System.nanoTime();
    return Run.of(
        size - begun,
        all - first,
        size - atHalf,
        all - half,
        jvm.cpu().minus(cpu),
        store.cpu().minus(server));
  }

  /** The rows of a report: every run, and the medians. */
  void rows(Report report) {
    report.row(
        "by",
        unit + "s/s",
        "of these the second half/s",
        "app CPU us/" + unit,
        server + " CPU us/" + unit);
    for (Scenario s : scenarios) {
      for (Run r : s.runs()) {
        row(report, s.name(), r);
      }
    }
    for (Scenario s : scenarios) {
      row(
          report,
          s.name() + ", median",
          new Run(
              s.median(Run::rate),
              s.median(Run::warmRate),
              s.median(Run::cpuMicros),
              s.median(Run::serverMicros)));
    }
  }

  private static void row(Report report, String name, Run run) {
    report.row(
        name,
        "%.0f".formatted(run.rate()),
        "%.0f".formatted(run.warmRate()),
        "%.1f".formatted(run.cpuMicros()),
        "%.1f".formatted(run.serverMicros()));
  }

  /** A sentence that says how one way compares with another. */
  void ratio(Report report, Scenario one, Scenario other) {
    report.line(
        "Ratio %s / %s: %.2f of the %ss/s, %.2f of the second half, %.2f of the CPU."
            .formatted(
                one.name(),
                other.name(),
                one.median(Run::rate) / other.median(Run::rate),
                unit,
                one.median(Run::warmRate) / other.median(Run::warmRate),
                one.median(Run::cpuMicros) / other.median(Run::cpuMicros)));
  }
}
