package io.qanat.deadletter;

import io.qanat.kafka.HubHeaders;
import io.qanat.kafka.RecordReader;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.springframework.stereotype.Component;

/** Fetches what a dead letter was from its dead-letter topic, where alone it is kept. */
@Component
class KafkaPayloads implements Payloads {
  private final RecordReader reader;

  KafkaPayloads(RecordReader reader) {
    this.reader = reader;
  }

  @Override
  public Optional<ConsumerRecord<byte[], byte[]>> read(Death death) {
    // A topic that was made anew has other letters in the same places.
    return reader.read(death.deadLetter()).filter(r -> isOf(r.headers(), death));
  }

  private static boolean isOf(Headers headers, Death death) {
    return Integer.toString(death.record().partition()).equals(error(headers, "partition"))
        && Long.toString(death.record().offset()).equals(error(headers, "offset"));
  }

  private static String error(Headers headers, String name) {
    return String.valueOf(HubHeaders.text(headers, HubHeaders.ERRORS + name));
  }
}
