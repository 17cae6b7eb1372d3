package io.qanat.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.accept.Problem.Kind;
import io.qanat.accept.ProblemException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Waits for what was accepted a moment ago. An id that the hub gave is a UUIDv7, which tells when.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7">RFC 9562, UUID Version
 *     7</a>
 */
final class FreshId {
  private static final Duration FRESH = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final long PAUSE_MS = 50;

  /** How many wait at once. */
  static final int MOST = 64;

  // So that those who wait cannot use up the threads, or the database.
  private static final Semaphore WAITING = new Semaphore(MOST);

  private FreshId() {}

  /**
   * Asks, and asks again for a while if that may help.
   *
   * @throws ProblemException if that may help, but too many wait already
   */
  static <T> T await(JsonNode parameters, Supplier<T> ask, Predicate<T> there) {
    T answer = ask.get();
    if (there.test(answer) || !anyFresh(parameters)) {
      return answer;
    }
    if (!WAITING.tryAcquire()) {
      throw new ProblemException(
          Kind.UNAVAILABLE, "Too many wait for what was just accepted. Ask again shortly.");
    }
    try {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (!there.test(answer) && System.nanoTime() < end) {
        Thread.sleep(PAUSE_MS);
        answer = ask.get();
      }
      return answer;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return answer;
    } finally {
      WAITING.release();
    }
  }

  private static boolean anyFresh(JsonNode parameters) {
    for (JsonNode value : parameters) {
      if (value.isTextual() && isFresh(value.textValue(), System.currentTimeMillis())) {
        return true;
      }
    }
    return false;
  }

  static boolean isFresh(String id, long nowMillis) {
    if (id.length() != 36) {
      return false;
    }
    try {
      UUID uuid = UUID.fromString(id);
      long age = nowMillis - (uuid.getMostSignificantBits() >>> 16);
      return uuid.version() == 7 && Math.abs(age) < FRESH.toMillis();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
