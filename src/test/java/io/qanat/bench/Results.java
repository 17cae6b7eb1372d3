package io.qanat.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rounds of candidates by name, in the order in which they first came. */
final class Results {
  private final Map<String, List<Round>> rounds = new LinkedHashMap<>();

  /** The rounds of one; those that are added to them count. */
  List<Round> of(String name) {
    return rounds.computeIfAbsent(name, n -> new ArrayList<>());
  }

  List<String> names() {
    return List.copyOf(rounds.keySet());
  }

  /** All rounds and their medians. */
  void tell(Report report, String what) {
    report.row(what, "round", "requests/s", "p50 ms", "p99 ms", "app CPU us/request");
    int most = rounds.values().stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < most; i++) {
      for (var measured : rounds.entrySet()) {
        row(report, measured.getKey(), "" + (i + 1), measured.getValue().get(i));
      }
    }
    rounds.forEach((name, r) -> row(report, name, "median", Round.median(r)));
  }

  private static void row(Report report, String name, String round, Round r) {
    report.row(
        name,
        round,
        "%.0f".formatted(r.perSecond()),
        "%.2f".formatted(r.p50()),
        "%.2f".formatted(r.p99()),
        "%.0f".formatted(r.cpuMicros()));
  }

  /** What one comes to beside another. */
  String ratio(String name, String other) {
    Round one = Round.median(of(name));
    Round two = Round.median(of(other));
    return "Ratio %s / %s: %.2f of the requests/s, %.2f of the CPU per request."
        .formatted(
            name, other, one.perSecond() / two.perSecond(), one.cpuMicros() / two.cpuMicros());
  }
}
