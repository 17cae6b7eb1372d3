package io.qanat.deadletter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A redrive of one or many dead letters, as far as it has come.
 *
 * @param id its id
 * @param state how it is
 * @param by the operator who asked for it
 * @param at when
 * @param endedAt when it ended; null while it runs, or if its instance died
 * @param selection which letters were asked for: {@code ids}, the first of them, or {@code filter}
 * @param total how many letters these were
 * @param redriven how many are on the topics of their flows again
 * @param skipped how many were left as they are, by reason
 * @param skippedLetters the first of those
 * @param ratePerSecond how many it puts back per second at most
 * @param force whether the loop guard is off
 * @param corrected whether the payload was replaced
 * @param failure what went wrong; null if nothing did
 */
record RedriveJob(
    String id,
    State state,
    String by,
    Instant at,
    @Nullable Instant endedAt,
    ObjectNode selection,
    int total,
    int redriven,
    Map<String, Integer> skipped,
    List<SkippedLetter> skippedLetters,
    int ratePerSecond,
    boolean force,
    boolean corrected,
    @Nullable String failure) {

  /** How a job is; the lower-case name is public API. */
  enum State {
    /** It goes on. */
    RUNNING,
    /** It has come to its end. */
    DONE,
    /** A person stopped it. */
    STOPPED,
    /** The instance that ran it was stopped or died. */
    INTERRUPTED,
    /** It could not go on. */
    FAILED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A letter that was left as it is, and why. */
  record SkippedLetter(String id, String reason) {}

  RedriveJob {
    skipped = Map.copyOf(skipped);
    skippedLetters = List.copyOf(skippedLetters);
  }

  /** The job as it is shown. */
  ObjectNode toJson() {
    ObjectNode json =
        selection
            .objectNode()
            .put("id", id)
            .put("state", state.text())
            .put("by", by)
            .put("at", at.toString());
    if (endedAt != null) {
      json.put("endedAt", endedAt.toString());
    }
    json.setAll(selection);
    json.put("total", total).put("redriven", redriven);
    ObjectNode reasons = json.putObject("skipped");
    skipped.forEach(reasons::put);
    var letters = json.putArray("skippedLetters");
    skippedLetters.forEach(s -> letters.addObject().put("id", s.id()).put("reason", s.reason()));
    json.put("ratePerSecond", ratePerSecond).put("force", force).put("corrected", corrected);
    if (failure != null) {
      json.put("failure", failure);
    }
    return json;
  }
}
