package io.qanat.cache;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cache.Cache;

/**
 * A cache that a reader can do without: when it fails, it is as if it were empty.
 *
 * <p>A cache that has failed is left alone for a while, and then tried by one reader, while the
 * others go past it. So it is at first, too: who connects waits, and nobody behind him.
 */
public final class ReadCache {
  /** Larger values than this, with their keys, are not kept; in bytes. */
  static final int MOST_BYTES = 256 * 1024;

  static final long REST_NANOS = 5_000_000_000L;
  private static final Logger LOG = LoggerFactory.getLogger(ReadCache.class);

  private final Cache cache;
  private final LongSupplier clock;
  private final AtomicBoolean tried = new AtomicBoolean();
  private final AtomicBoolean told = new AtomicBoolean();
  private volatile boolean answers;
  private volatile long restsUntil;

  ReadCache(Cache cache, LongSupplier clock) {
    this.cache = cache;
    this.clock = clock;
    this.restsUntil = clock.getAsLong();
  }

  /** What is kept under the key; it must not be changed. */
  public Optional<byte[]> get(String key) {
    return ask(() -> cache.get(key, byte[].class));
  }

  /** Keeps a value, unless it is too large. */
  public void put(String key, byte[] value) {
    if (weight(key, value) <= MOST_BYTES) {
      ask(
          () -> {
            cache.put(key, value);
            return value;
          });
    }
  }

  /** What an entry takes of the heap, roughly; in bytes. */
  static int weight(String key, byte[] value) {
    return 100 + 2 * key.length() + value.length;
  }

  private Optional<byte[]> ask(Supplier<byte @Nullable []> question) {
    boolean trial = !answers;
    if (trial && (clock.getAsLong() - restsUntil < 0 || !tried.compareAndSet(false, true))) {
      return Optional.empty();
    }
    try {
      byte[] answer = question.get();
      if (trial) {
        goOn();
      }
      return Optional.ofNullable(answer);
    } catch (RuntimeException e) {
      rest(e);
      return Optional.empty();
    } finally {
      if (trial) {
        tried.set(false);
      }
    }
  }

  private void goOn() {
    answers = true;
    if (told.compareAndSet(true, false)) {
      LOG.info("The cache {} answers again", cache.getName());
    }
  }

  private void rest(RuntimeException e) {
    restsUntil = clock.getAsLong() + REST_NANOS;
    answers = false;
    if (told.compareAndSet(false, true)) {
      LOG.warn(
          "The cache {} does not answer, and is done without: {}",
          cache.getName(),
          e.getClass().getSimpleName());
      LOG.debug("The cache's error", e);
    }
  }
}
