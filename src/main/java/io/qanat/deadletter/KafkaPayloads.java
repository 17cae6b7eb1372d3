package io.qanat.deadletter;

import io.qanat.kafka.HubHeaders;
import io.qanat.kafka.RecordReader;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.springframework.stereotype.Component;

/**
 * Fetches what a dead letter was from its dead-letter topic, where alone it is kept for ever; what
 * was too large for that, from where its record stands.
 */
@Component
class KafkaPayloads implements Payloads {
  private final RecordReader reader;

  KafkaPayloads(RecordReader reader) {
    this.reader = reader;
  }

  @Override
  public Optional<ConsumerRecord<byte[], byte[]>> read(Death death) {
    // A topic that was made anew has other letters in the same places.
    Optional<ConsumerRecord<byte[], byte[]>> letter =
        reader.read(death.deadLetter()).filter(r -> isOf(r.headers(), death));
    return letter.flatMap(r -> isAbridged(r.headers()) ? reader.read(death.record()) : letter);
  }

  private static boolean isOf(Headers headers, Death death) {
    return Integer.toString(death.record().partition()).equals(error(headers, "partition"))
        && Long.toString(death.record().offset()).equals(error(headers, "offset"));
  }

  private static boolean isAbridged(Headers headers) {
    return headers.lastHeader(HubHeaders.ABRIDGED) != null;
  }

  private static String error(Headers headers, String name) {
    return String.valueOf(HubHeaders.text(headers, HubHeaders.ERRORS + name));
  }
}
