package io.qanat.deadletter;

import io.qanat.kafka.RecordWriter;
import io.qanat.kafka.RecordWriter.Sent;
import io.qanat.kafka.Topics;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.springframework.stereotype.Component;

/** The outlet of this instance. */
@Component
class KafkaOutlet implements Outlet {
  private final RecordWriter writer;
  private final Topics topics;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  KafkaOutlet(RecordWriter writer, Topics topics) {
    this.writer = writer;
    this.topics = topics;
  }

  @Override
  public List<Sent> send(List<ProducerRecord<byte[], byte[]>> records) {
    return writer.send(records);
  }

  @Override
  public void ensureTopic(String name) {
    if (known.add(name)) {
      try {
        topics.createSingle(name, Map.of("retention.ms", "-1"));
      } catch (KafkaException e) {
        known.remove(name);
        throw e;
      }
    }
  }
}
