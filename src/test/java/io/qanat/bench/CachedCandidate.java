package io.qanat.bench;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A load on a hub that caches, with how often the cache had what was asked for. */
final class CachedCandidate extends Candidate {
  private static final Pattern GETS =
      Pattern.compile(
          "^cache_gets_total\\{[^}]*cache=\"records\",[^}]*result=\"(hit|miss)\"[^}]*} (\\S+)$",
          Pattern.MULTILINE);

  private final HubClient management;
  private double hits;
  private double misses;

  CachedCandidate(MeasuredJvm jvm, ClosedLoop load, List<Round> rounds, HubClient management) {
    super(jvm, load, rounds);
    this.management = management;
  }

  @Override
  void measure() throws IOException {
    count(-1);
    super.measure();
    count(1);
  }

  /** The share of all measured reads that the cache answered. */
  double hitRate() {
    return hits / (hits + misses);
  }

  private void count(int sign) throws IOException {
    try {
      Matcher gets = GETS.matcher(management.get("/actuator/prometheus").body());
      while (gets.find()) {
        double counted = sign * Double.parseDouble(gets.group(2));
        if (gets.group(1).equals("hit")) {
          hits += counted;
        } else {
          misses += counted;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
