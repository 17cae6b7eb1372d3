package io.qanat.deadletter;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** The way out to Kafka, where it is told of each record what became of it. */
interface Outlet {
  /**
   * What became of a record.
   *
   * @param written where it stands; null if it was not acknowledged
   * @param failure why it was not acknowledged; it may be on Kafka all the same
   */
  record Sent(@Nullable RecordMetadata written, @Nullable Throwable failure) {}

  /** Sends the records in this order, waits for Kafka, and answers in the same order. */
  List<Sent> send(List<ProducerRecord<byte[], byte[]>> records);

  /**
   * Sees to it that there is a topic of one partition that keeps everything for ever.
   *
   * @throws KafkaException if Kafka does not answer
   */
  void ensureTopic(String name);
}
