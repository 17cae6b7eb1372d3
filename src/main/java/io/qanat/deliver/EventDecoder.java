package io.qanat.deliver;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.stereotype.Component;

/** Decodes the records of flows; YAML knows it by its name. */
@Component("eventDecoder")
class EventDecoder implements RecordDecoder {
  @Override
  public Event decode(ConsumerRecord<byte[], byte[]> record) throws UndecodableException {
    return BatchDecoder.event(record);
  }
}
