package io.qanat.trials;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One posted change, and what its client knows of it.
 *
 * @param change what was posted
 * @param status the HTTP status; 0 when there was no answer
 * @param receipt where the answer said that it can be asked for
 * @param retryAfter whether the answer said when to try again
 * @param posts how often it was posted until it was answered
 * @param sent when it was posted last
 * @param millis how long the last answer took
 */
record Entry(
    Change change,
    Outcome outcome,
    int status,
    @Nullable String receipt,
    boolean retryAfter,
    int posts,
    Instant sent,
    long millis) {

  /** What the client knows of a change. */
  enum Outcome {
    /** The hub has it: it must arrive. */
    OK,
    /** The hub refused it, or never saw it: it must not arrive. */
    FAIL,
    /** No answer, or a failure of the server's: it may arrive, once. */
    UNKNOWN;

    static Outcome of(int status) {
      return switch (status / 100) {
        case 2 -> OK;
        case 3, 4 -> FAIL;
        default -> UNKNOWN;
      };
    }
  }

  /** Its line in the ledger's file. */
  String line() {
    return "%s,%d,%s,%s,%d,%d,%d%n"
        .formatted(change.key(), change.seq(), sent, outcome, status, posts, millis);
  }
}
