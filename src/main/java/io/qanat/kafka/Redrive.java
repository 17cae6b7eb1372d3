package io.qanat.kafka;

import java.util.Optional;
import org.apache.kafka.common.header.Headers;

/**
 * What makes a record a redriven one: it stands for an earlier record of its partition, and is for
 * one sink alone.
 *
 * @param sink the sink that it is for
 * @param of the record that it stands for: the first, never a redriven one
 * @param count how often that has been redriven, this time included
 */
public record Redrive(String sink, Position of, int count) {
  /**
   * Reads the headers of a record.
   *
   * @param at where the record stands
   * @return empty if it is no redriven record
   * @throws IllegalArgumentException if the headers claim what cannot be; a redriven record stands
   *     behind the one that it is for, in the same partition, or it could pass for something newer
   *     than all that is to come
   */
  public static Optional<Redrive> of(Headers headers, Position at) {
    String sink = HubHeaders.text(headers, HubHeaders.REDRIVE_SINK);
    String receipt = HubHeaders.text(headers, HubHeaders.REDRIVE_OF);
    String count = HubHeaders.text(headers, HubHeaders.REDRIVE_COUNT);
    if (sink == null && receipt == null && count == null) {
      return Optional.empty();
    }
    Position of = receipt == null ? null : Position.parse(receipt).orElse(null);
    if (sink == null
        || count == null
        || !count.matches("[1-9][0-9]{0,5}")
        || of == null
        || !of.topicPartition().equals(at.topicPartition())
        || of.offset() >= at.offset()) {
      throw new IllegalArgumentException(
          "%s, %s and %s must name a sink, an earlier record of this partition and a number"
              .formatted(HubHeaders.REDRIVE_SINK, HubHeaders.REDRIVE_OF, HubHeaders.REDRIVE_COUNT));
    }
    return Optional.of(new Redrive(sink, of, Integer.parseInt(count)));
  }

  /** Puts itself into the headers of a record, in the place of an earlier redrive. */
  public void write(Headers headers) {
    HubHeaders.set(headers, HubHeaders.REDRIVE_SINK, sink);
    HubHeaders.set(headers, HubHeaders.REDRIVE_OF, of.receipt());
    HubHeaders.set(headers, HubHeaders.REDRIVE_COUNT, Integer.toString(count));
  }
}
