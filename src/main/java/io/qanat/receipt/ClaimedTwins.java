package io.qanat.receipt;

import io.qanat.Lane;
import io.qanat.deliver.Claims;
import io.qanat.kafka.HubHeaders;
import io.qanat.kafka.Position;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.stereotype.Component;

/** Twins as the deliver engine has decided about them. */
@Component
class ClaimedTwins implements Twins {
  private final Claims claims;

  ClaimedTwins(Claims claims) {
    this.claims = claims;
  }

  @Override
  public Optional<Position> firstOf(Lane lane, ConsumerRecord<byte[], byte[]> record) {
    String key = HubHeaders.text(record.headers(), HubHeaders.IDEMPOTENCY_KEY);
    String scope = HubHeaders.text(record.headers(), "ce_source");
    return key == null
        ? Optional.empty()
        : claims.holder(lane.id(), scope == null ? "" : scope, key);
  }
}
