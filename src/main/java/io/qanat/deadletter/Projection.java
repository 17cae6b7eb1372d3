package io.qanat.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import com.mongodb.MongoException;
import io.qanat.deliver.BatchOutcome;
import io.qanat.deliver.Deadline;
import io.qanat.deliver.Event;
import io.qanat.deliver.Failure;
import io.qanat.deliver.Sink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Takes what dead letters and the audit tell into MongoDB. While MongoDB cannot take it the lane is
 * held; nothing is ever refused, because there is nowhere for a dead letter of dead letters.
 */
@Component("deadLetterProjection")
class Projection implements Sink {
  private static final Logger LOG = LoggerFactory.getLogger(Projection.class);

  private final DeadLetterStore store;

  Projection(DeadLetterStore store) {
    this.store = store;
  }

  @Override
  public BatchOutcome write(List<Event> events, Deadline deadline) {
    Map<DeadLetterId, List<Happening>> told = new LinkedHashMap<>();
    for (Event event : events) {
      Optional<DeadLetterId> id =
          DeadLetterId.parse(event.data().path(DeadLetterDecoder.ID).asText());
      JsonNode happening = event.data().path(DeadLetterDecoder.HAPPENING);
      if (id.isPresent()) {
        Happening.of(happening)
            .ifPresent(h -> told.computeIfAbsent(id.get(), i -> new ArrayList<>()).add(h));
      } else {
        LOG.warn("{} tells of no dead letter of the hub; it is passed over", event.position());
      }
    }
    try {
      write(told);
    } catch (MongoException e) {
      return BatchOutcome.holdAll(
          events, Failure.transientFailure("MONGODB_UNAVAILABLE", reason(e)));
    }
    return new BatchOutcome(events, List.of(), List.of());
  }

  /** The order of what is told is in what is told. */
  @Override
  public boolean keepsOrder() {
    return true;
  }

  private void write(Map<DeadLetterId, List<Happening>> told) {
    try {
      store.apply(told);
    } catch (MongoException e) {
      throw e;
    } catch (RuntimeException e) {
      if (told.size() > 1) {
        told.forEach((id, news) -> write(Map.of(id, news)));
      } else {
        LOG.error(
            "Dead letter {} cannot be written; it is on Kafka, but cannot be browsed",
            told.keySet(),
            e);
      }
    }
  }

  private static String reason(MongoException e) {
    String text = String.valueOf(e.getMessage());
    return text.length() <= 200 ? text : text.substring(0, 200);
  }
}
