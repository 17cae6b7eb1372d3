package io.qanat.deadletter;

import io.qanat.kafka.RecordWriter.Sent;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** The way out to Kafka, where it is told of each record what became of it. */
interface Outlet {
  /** Sends the records in this order, waits for Kafka, and answers in the same order. */
  List<Sent> send(List<ProducerRecord<byte[], byte[]>> records);

  /**
   * Sees to it that the topic is there of what was done with dead letters.
   *
   * @throws KafkaException if Kafka does not answer
   */
  void ensureAudit();
}
