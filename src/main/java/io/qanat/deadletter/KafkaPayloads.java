package io.qanat.deadletter;

import io.qanat.kafka.HubHeaders;
import io.qanat.kafka.Position;
import io.qanat.kafka.RecordDigest;
import io.qanat.kafka.RecordReader;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Fetches what a dead letter was from its dead-letter topic, where alone it is kept for ever; what
 * was too large for that, from where its record stands.
 */
@Component
class KafkaPayloads implements Payloads {
  private final Function<Position, Optional<ConsumerRecord<byte[], byte[]>>> reader;

  @Autowired
  KafkaPayloads(RecordReader reader) {
    this(reader::read);
  }

  /**
   * Reads through this instead of Kafka itself.
   *
   * @param reader tells the record at a position
   */
  KafkaPayloads(Function<Position, Optional<ConsumerRecord<byte[], byte[]>>> reader) {
    this.reader = reader;
  }

  @Override
  public Optional<ConsumerRecord<byte[], byte[]>> read(Death death) {
    // A topic that was made anew has other records in the same places.
    Optional<ConsumerRecord<byte[], byte[]>> letter =
        reader.apply(death.deadLetter()).filter(r -> isOf(r.headers(), death));
    String digest = letter.map(r -> HubHeaders.text(r.headers(), HubHeaders.ABRIDGED)).orElse(null);
    return digest == null
        ? letter
        : reader.apply(death.record()).filter(r -> RecordDigest.of(r).equals(digest));
  }

  private static boolean isOf(Headers headers, Death death) {
    return Integer.toString(death.record().partition()).equals(error(headers, "partition"))
        && Long.toString(death.record().offset()).equals(error(headers, "offset"));
  }

  private static String error(Headers headers, String name) {
    return String.valueOf(HubHeaders.text(headers, HubHeaders.ERRORS + name));
  }
}
