package io.qanat.accept;

import io.qanat.kafka.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * The last step of publishing: answers 202 with the id and the receipt of an event that Kafka has
 * acknowledged, or the ids and receipts of several. A caller that prefers to wait for one event is
 * answered once it is settled, or the caller's time is up.
 */
@Component("acceptance")
public class Acceptance {
  private final Outcomes outcomes;
  private final long maxWaitSeconds;
  private final Semaphore waiting;

  Acceptance(Outcomes outcomes, AcceptProperties properties) {
    this.outcomes = outcomes;
    maxWaitSeconds = properties.maxWait().toSeconds();
    waiting = new Semaphore(properties.maxWaiting());
  }

  /** Makes the answer; neither id nor receipt holds anything that JSON would have to escape. */
  @Handler
  public void answer(Exchange exchange) {
    Message message = exchange.getMessage();
    List<Position> positions = positions(message);
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, 202);
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    List<?> ids = exchange.getProperty(Envelope.EVENT_IDS, List.class);
    if (ids != null) {
      message.setBody(several(ids, positions).getBytes(StandardCharsets.UTF_8));
      return;
    }
    Position position = positions.get(0);
    String receipt = position.receipt();
    message.setHeader("Location", "/receipts/" + receipt);
    message.setBody(
        ("{\"id\":\""
                + exchange.getProperty(Envelope.EVENT_ID)
                + "\",\"receipt\":\""
                + receipt
                + "\"}")
            .getBytes(StandardCharsets.UTF_8));
    Integer preferred = exchange.getProperty(PreferWait.SECONDS, Integer.class);
    if (preferred != null) {
      await(message, position, Math.min(preferred, maxWaitSeconds));
    }
  }

  /** Kafka's acknowledgements, one for each record in its order. */
  private static List<Position> positions(Message message) {
    return ((List<?>) message.getHeader(KafkaConstants.KAFKA_RECORD_META))
        .stream()
            .map(RecordMetadata.class::cast)
            .map(r -> new Position(r.topic(), r.partition(), r.offset()))
            .toList();
  }

  private static String several(List<?> ids, List<Position> positions) {
    return "{\"accepted\":%d,\"ids\":%s,\"receipts\":%s}"
        .formatted(
            positions.size(),
            array(ids.stream()),
            array(positions.stream().map(Position::receipt)));
  }

  private static String array(Stream<?> texts) {
    return texts.map(t -> "\"" + t + "\"").collect(Collectors.joining(",", "[", "]"));
  }

  /** Callers beyond the bound are not queued: a 202 is a whole answer. */
  private void await(Message message, Position position, long seconds) {
    if (seconds < 1 || !waiting.tryAcquire()) {
      return;
    }
    try {
      letBodyGo();
      Optional<byte[]> settled = outcomes.await(position, Duration.ofSeconds(seconds));
      message.setHeader("Preference-Applied", "wait=" + seconds);
      settled.ifPresent(
          receipt -> {
            message.setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
            message.setBody(receipt);
          });
    } finally {
      waiting.release();
    }
  }

  /** Those who wait must not use up the memory that is set aside for bodies. */
  private static void letBodyGo() {
    if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes current) {
      BoundedRequest.letGo(current.getRequest());
    }
  }
}
