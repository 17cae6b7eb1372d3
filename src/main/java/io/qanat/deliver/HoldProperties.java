package io.qanat.deliver;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a batch is held while its sink cannot take it.
 *
 * @param limit how long a batch is held in place; then it is polled anew. With the sink's longest
 *     call, and the two minutes within which the last batch of a poll begins, it must stay below
 *     the consumer's {@code max.poll.interval.ms}
 * @param firstBackoff the pause after the first failure; each further one doubles it
 * @param maxBackoff the longest pause
 * @param maxAttempts how often an event is tried whose failure is neither transient nor surely its
 *     own fault
 */
@ConfigurationProperties("qanat.deliver.hold")
public record HoldProperties(
    @DefaultValue("2m") Duration limit,
    @DefaultValue("250ms") Duration firstBackoff,
    @DefaultValue("10s") Duration maxBackoff,
    @DefaultValue("5") int maxAttempts) {

  /** The pause after this one. */
  Duration longer(Duration backoff) {
    Duration twice = backoff.multipliedBy(2);
    return twice.compareTo(maxBackoff) > 0 ? maxBackoff : twice;
  }
}
