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
   * Sees to it that there is a topic of one partition that keeps everything for ever.
   *
   * @throws KafkaException if Kafka does not answer
   */
  void ensureTopic(String name);
}
