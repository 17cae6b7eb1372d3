package io.qanat.observe;

import io.qanat.kafka.LaneOffsets.Progress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a lane comes on, seen from time to time by what its whole group has committed, so that every
 * instance sees the same.
 */
final class LaneWatch {
  private static final long WINDOW = TimeUnit.SECONDS.toNanos(30);

  private record Sight(long nanos, long committed, long lag) {}

  private final Deque<Sight> sights = new ArrayDeque<>();
  private long quietSince;
  private long expired;

  /**
   * Takes a look.
   *
   * @param nanos when
   * @param partitions where the lane's partitions stand
   * @param excused whether the lane need not come on, because it is held or paused
   */
  synchronized void see(long nanos, Collection<Progress> partitions, boolean excused) {
    Sight now =
        new Sight(
            nanos,
            partitions.stream().mapToLong(Progress::committed).sum(),
            partitions.stream().mapToLong(Progress::lag).sum());
    Sight before = sights.peekLast();
    if (before == null || before.committed != now.committed || now.lag == 0 || excused) {
      quietSince = nanos;
    }
    sights.addLast(now);
    while (nanos - sights.getFirst().nanos > WINDOW) {
      sights.removeFirst();
    }
  }

  /**
   * How many records Kafka has deleted before they were settled, if that is more than it was.
   *
   * @param partitions where the lane's partitions stand
   */
  synchronized OptionalLong newlyExpired(Collection<Progress> partitions) {
    long now = partitions.stream().mapToLong(Progress::expired).sum();
    boolean more = now > expired;
    expired = now;
    return more ? OptionalLong.of(now) : OptionalLong.empty();
  }

  /** How many records Kafka has deleted before they were settled, and nobody has gone past yet. */
  synchronized long expired() {
    return expired;
  }

  /** Kafka did not answer: nothing is known, and nothing counts against the lane. */
  synchronized void lost() {
    sights.clear();
  }

  /** Whether anything is known. */
  synchronized boolean known() {
    return !sights.isEmpty();
  }

  /** How many records waited at the last look; NaN if that is not known. */
  synchronized double lag() {
    Sight last = sights.peekLast();
    return last == null ? Double.NaN : last.lag;
  }

  /** How many records were settled in a second, over the last half minute. */
  synchronized OptionalDouble settledPerSecond() {
    @Nullable Sight first = sights.peekFirst();
    @Nullable Sight last = sights.peekLast();
    if (first == null || last == null || first.nanos == last.nanos) {
      return OptionalDouble.empty();
    }
    double seconds = (last.nanos - first.nanos) / (double) TimeUnit.SECONDS.toNanos(1);
    return OptionalDouble.of(Math.max(0, last.committed - first.committed) / seconds);
  }

  /** Whether records wait and none was settled for so long, without an excuse. */
  synchronized boolean stalled(long nanos, Duration timeout) {
    return known() && nanos - quietSince > timeout.toNanos();
  }
}
