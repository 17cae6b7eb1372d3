package io.qanat.deliver;

import io.qanat.kafka.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What {@link VersionIndex} knows of one partition of one lane: up to where it is settled, and the
 * newest delivered event of the keys for which that is not enough.
 */
final class PartitionVersions {
  /** The order of what is newer than any event that can come: this one came before. */
  static final long CAME_BEFORE = Long.MAX_VALUE;

  /** No longer than a dead member's session: until then nobody else delivers this partition. */
  private static final long FRESH_NANOS = Duration.ofSeconds(10).toNanos();

  private static final long CHUNK = 50_000;
  private static final long NOTHING = -1;
  private static final String DEAD = "dead ";
  private static final String AHEAD = "ahead ";

  private final Log log;
  private final LongSupplier nanoTime;

  /** Keys of which an event died, and may be redriven any time. */
  private final Map<String, Long> dead = new HashMap<>();

  /** Keys of events that were delivered while an earlier event of the partition was held. */
  private final Map<String, Long> ahead = new HashMap<>();

  private long settled;
  private long seenTo;
  private long seenAt;
  private boolean seen;
  private boolean overtaken;

  PartitionVersions(Log log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
  }

  /** The partition of the topic, as it is read. */
  interface Log {
    /** Reads from an offset up to, but not including, another. */
    void read(long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> each);
  }

  /** Whether others may have written meanwhile, so that {@link #look} must come first. */
  synchronized boolean due() {
    return !seen || overtaken || nanoTime.getAsLong() - seenAt >= FRESH_NANOS;
  }

  /**
   * Reads what others have written, bit by bit, because each reading is bounded in time, and what
   * was read stays.
   *
   * @param to the offset after the topic's last record
   */
  synchronized void look(long to) {
    long now = nanoTime.getAsLong();
    while (seenTo < to) {
      long next = Math.min(to, seenTo + CHUNK);
      log.read(seenTo, next, this::learn);
      seenTo = next;
    }
    // Only now: had a reading failed, the next batch would be taken for new without a look.
    seenAt = now;
    seen = true;
    overtaken = false;
  }

  private void learn(ConsumerRecord<byte[], byte[]> record) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null) {
      ahead.remove(key);
      return;
    }
    String value = new String(record.value(), StandardCharsets.US_ASCII);
    if (key.isEmpty()) {
      settled = Math.max(settled, Long.parseLong(value));
    } else if (value.startsWith(DEAD)) {
      ahead.remove(key);
      dead.merge(key, Long.parseLong(value.substring(DEAD.length())), Math::max);
    } else {
      long early = Long.parseLong(value.substring(AHEAD.length()));
      if (dead.computeIfPresent(key, (k, newest) -> Math.max(newest, early)) == null) {
        ahead.merge(key, early, Math::max);
      }
    }
  }

  /** Takes what this instance has written itself for seen, if nobody wrote in between. */
  synchronized void wrote(long first, long last, int count) {
    if (seen && first == seenTo && last - first + 1 == count) {
      seenTo = last + 1;
    } else {
      overtaken = true;
    }
  }

  /**
   * Adds the newest delivered order of the keys of those events that may not be the newest, as of
   * the last look, and {@link #CAME_BEFORE} for those that were settled before: a replayed record,
   * and a redriven one of a key of which nothing died.
   */
  synchronized void delivered(List<Event> events, Map<Position, Long> to) {
    for (Event event : events) {
      Long newest = dead.getOrDefault(event.key(), ahead.get(event.key()));
      boolean redriven = event.redrive() != null;
      if (redriven ? newest == null : event.position().offset() < settled) {
        to.put(event.position(), CAME_BEFORE);
      } else if (newest != null) {
        to.put(event.position(), newest);
      }
    }
  }

  /**
   * Remembers what became of a batch.
   *
   * @param died the keys of the events that died
   * @param delivered the events that were delivered
   * @param early those of them that will be polled again, because an earlier one is held
   * @return what to write: keys and values
   */
  synchronized Map<String, String> remember(
      Set<String> died, Collection<Event> delivered, Set<Event> early) {
    Map<String, String> changed = new LinkedHashMap<>();
    for (String key : died) {
      Long newest = ahead.remove(key);
      dead.merge(key, newest == null ? NOTHING : newest, Math::max);
      changed.put(key, DEAD + dead.get(key));
    }
    for (Event event : delivered) {
      String key = event.key();
      long order = event.order().offset();
      if (dead.computeIfPresent(key, (k, newest) -> Math.max(newest, order)) != null) {
        changed.put(key, DEAD + dead.get(key));
      } else if (early.contains(event)) {
        changed.put(key, AHEAD + ahead.merge(key, order, Math::max));
      }
    }
    return changed;
  }

  /**
   * Takes everything before an offset for settled.
   *
   * @return what to write: keys and values, null for what is no longer needed
   */
  synchronized Map<String, @Nullable String> settled(long upTo) {
    Map<String, @Nullable String> changed = new LinkedHashMap<>();
    if (upTo > settled) {
      settled = upTo;
      changed.put("", Long.toString(upTo));
      ahead
          .entrySet()
          .removeIf(
              key -> {
                boolean passed = key.getValue() < upTo;
                if (passed) {
                  changed.put(key.getKey(), null);
                }
                return passed;
              });
    }
    return changed;
  }
}
