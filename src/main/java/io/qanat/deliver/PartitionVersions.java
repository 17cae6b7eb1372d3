package io.qanat.deliver;

import io.qanat.kafka.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What {@link VersionIndex} knows of one partition of one lane. */
final class PartitionVersions {
  /** No longer than a dead member's session: until then nobody else delivers this partition. */
  private static final long FRESH_NANOS = Duration.ofSeconds(10).toNanos();

  private static final long KEEP_NANOS = Duration.ofMinutes(1).toNanos();

  /** More than a batch writes, so that the end of the topic shows its last highest. */
  private static final long TAIL = 4_096;

  private static final long CHUNK = 50_000;

  private final Log log;
  private final LongSupplier nanoTime;
  private long highest = -1;
  private long seenTo;
  private long seenAt;
  private boolean seen;
  private boolean overtaken;
  private @Nullable Map<String, Long> keys;
  private long keysTo;
  private long keysUsedAt;

  PartitionVersions(Log log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
  }

  /** The partition of the topic, as it is read. */
  interface Log {
    /** The offset after its last record. */
    long end();

    /** Reads from an offset up to, but not including, another. */
    void read(long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> each);
  }

  /** Whether others may have written meanwhile, so that {@link #look} must come first. */
  synchronized boolean due() {
    return !seen || overtaken || nanoTime.getAsLong() - seenAt >= FRESH_NANOS;
  }

  /**
   * Adds what was delivered of the keys of those events that may not be the newest, as of the last
   * look.
   */
  synchronized void delivered(List<Event> events, Map<Position, Long> to) {
    List<Event> old = events.stream().filter(e -> e.order().offset() <= highest).toList();
    if (old.isEmpty()) {
      return;
    }
    Map<String, Long> known = keys();
    for (Event event : old) {
      Long newest = known.get(event.key());
      if (newest != null) {
        to.put(event.position(), newest);
      }
    }
  }

  /** Takes the highest offset delivered now, and answers the highest of all. */
  synchronized long raise(long delivered) {
    highest = Math.max(highest, delivered);
    return highest;
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
   * Reads what others have written.
   *
   * @param to the offset after the topic's last record
   */
  synchronized void look(long to) {
    long now = nanoTime.getAsLong();
    if (keys != null && now - keysUsedAt > KEEP_NANOS) {
      keys = null;
    }
    long from = Math.max(seenTo, to - TAIL);
    boolean[] told = {to == 0 || (seen && from == seenTo)};
    log.read(
        from,
        to,
        record -> {
          if (record.key().length == 0) {
            told[0] = true;
            raise(offset(record));
          }
        });
    if (!told[0]) {
      // The end holds nothing but keys: then these tell.
      keys().values().forEach(this::raise);
    }
    // Only now: had a reading failed, the next batch would be taken for new without a look.
    seenTo = to;
    seenAt = now;
    seen = true;
    overtaken = false;
  }

  private Map<String, Long> keys() {
    if (keys == null) {
      keys = new HashMap<>();
      keysTo = 0;
    }
    Map<String, Long> known = keys;
    long to = log.end();
    while (keysTo < to) {
      // Bit by bit, because each reading is bounded in time, and what was read stays.
      long next = Math.min(to, keysTo + CHUNK);
      log.read(
          keysTo,
          next,
          record -> {
            if (record.key().length > 0) {
              known.merge(
                  new String(record.key(), StandardCharsets.UTF_8), offset(record), Math::max);
            }
          });
      keysTo = next;
    }
    keysUsedAt = nanoTime.getAsLong();
    return known;
  }

  private static long offset(ConsumerRecord<byte[], byte[]> record) {
    return Long.parseLong(new String(record.value(), StandardCharsets.US_ASCII));
  }
}
