package io.qanat.receipt;

import io.qanat.Lane;
import io.qanat.kafka.Position;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Knows which of several records with one Idempotency-Key a sink took; the others had no effect.
 */
public interface Twins {
  /**
   * Where the record stands that the lane's sink took for this one's key; empty if nothing is known
   * of the key. It may be the record itself.
   *
   * @param lane whose sink it is about
   * @param record a settled record with an Idempotency-Key
   */
  Optional<Position> firstOf(Lane lane, ConsumerRecord<byte[], byte[]> record);
}
