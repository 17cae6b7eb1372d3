package io.qanat.deadletter;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;

/** Where it is kept what dead letters were. */
@FunctionalInterface
interface Payloads {
  /**
   * The dead letter's record; empty if it is not there any more.
   *
   * @throws KafkaException if Kafka does not answer
   */
  Optional<ConsumerRecord<byte[], byte[]>> read(Death death);
}
