package io.qanat.deadletter;

import io.qanat.deadletter.RedriveJob.SkippedLetter;
import io.qanat.deadletter.RedriveJob.State;
import io.qanat.deadletter.Redriver.Order;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The work on one redrive, step by step; one thread at a time does a step. */
final class RedriveRun {
  private static final int STEPS_PER_SECOND = 5;

  /** So that a step is over, and a sign of life given, long before the job seems interrupted. */
  private static final int MAX_PER_STEP = 200;

  private static final int SHOWN_LETTERS = 100;

  private final Redriver redriver;
  private final RedriveJobs jobs;
  private final List<DeadLetterId> ids;
  private final Order order;
  private final int perStep;
  private final Duration pace;
  private final Map<String, Integer> skipped = new TreeMap<>();
  private final List<SkippedLetter> letters = new ArrayList<>();
  private int done;
  private int redriven;
  private @Nullable String failure;

  RedriveRun(
      Redriver redriver, RedriveJobs jobs, List<DeadLetterId> ids, Order order, int ratePerSecond) {
    this.redriver = redriver;
    this.jobs = jobs;
    this.ids = ids;
    this.order = order;
    this.perStep = Math.min(MAX_PER_STEP, Math.max(1, ratePerSecond / STEPS_PER_SECOND));
    this.pace = Duration.ofMillis(1_000L * perStep / ratePerSecond);
  }

  /** How long a step lasts at least, so that the rate is kept. */
  Duration pace() {
    return pace;
  }

  /** Whose run it is. */
  Order order() {
    return order;
  }

  /** How many letters Kafka has acknowledged so far. */
  int redriven() {
    return redriven;
  }

  /** What went wrong; null if nothing did. */
  @Nullable String failure() {
    return failure;
  }

  /**
   * Redrives the next letters.
   *
   * @return how the job is then
   */
  State step() {
    int to = Math.min(ids.size(), done + perStep);
    var result = redriver.redrive(ids.subList(done, to), order);
    done = to;
    redriven += result.redriven();
    result.skipped().forEach((id, reason) -> skip(id.toString(), reason.text()));
    boolean stop = jobs.progress(order.job(), redriven, skipped, letters);
    if (result.failure() != null) {
      failure = result.failure();
      return State.FAILED;
    }
    if (done == ids.size()) {
      return State.DONE;
    }
    return stop ? State.STOPPED : State.RUNNING;
  }

  private void skip(String id, String reason) {
    skipped.merge(reason, 1, Integer::sum);
    if (letters.size() < SHOWN_LETTERS) {
      letters.add(new SkippedLetter(id, reason));
    }
  }
}
