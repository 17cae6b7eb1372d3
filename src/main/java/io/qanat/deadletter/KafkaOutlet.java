package io.qanat.deadletter;

import io.qanat.kafka.HubTopic;
import io.qanat.kafka.RecordWriter;
import io.qanat.kafka.RecordWriter.Sent;
import io.qanat.kafka.Topics;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.stereotype.Component;

/** The outlet of this instance. */
@Component
class KafkaOutlet implements Outlet {
  private final RecordWriter writer;
  private final Topics topics;
  private final AtomicBoolean auditThere = new AtomicBoolean();

  KafkaOutlet(RecordWriter writer, Topics topics) {
    this.writer = writer;
    this.topics = topics;
  }

  @Override
  public List<Sent> send(List<ProducerRecord<byte[], byte[]>> records) {
    return writer.send(records);
  }

  @Override
  public void ensureAudit() {
    if (!auditThere.get()) {
      topics.ensure(HubTopic.audit());
      auditThere.set(true);
    }
  }
}
