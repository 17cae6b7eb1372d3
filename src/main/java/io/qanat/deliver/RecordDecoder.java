package io.qanat.deliver;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes an event of a record; a topic that is no flow's has one of its own. */
@FunctionalInterface
public interface RecordDecoder {
  /**
   * The event that the record is.
   *
   * @throws UndecodableException if it is none, which makes it a dead letter
   */
  Event decode(ConsumerRecord<byte[], byte[]> record) throws UndecodableException;
}
