package io.qanat.mongodb;

import com.mongodb.MongoException;
import com.mongodb.client.MongoDatabase;
import io.qanat.KameletBean;
import io.qanat.deliver.BatchOutcome;
import io.qanat.deliver.Deadline;
import io.qanat.deliver.Event;
import io.qanat.deliver.Failure;
import io.qanat.deliver.FailureClass;
import io.qanat.deliver.MappingDocument;
import io.qanat.deliver.RefusedException;
import io.qanat.deliver.Sink;
import io.qanat.kafka.Position;
import io.qanat.mongodb.DocumentMapping.Change;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.bson.BsonMaximumSizeExceededException;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * The sink that takes events into MongoDB as documents, as a mapping file says.
 *
 * <p>A bean for kamelets: set the properties, then {@link #start()}; what is wrong with the mapping
 * file is said then.
 */
public class MongoSink extends KameletBean implements Sink {
  private static final Failure TOO_LARGE =
      Failure.poison(
          "DOCUMENT_TOO_LARGE", "the document is larger than MongoDB takes, 16 MB", List.of());

  private final InstantSource clock;
  private String mapping = "";
  private @Nullable DocumentMapping documents;
  private @Nullable DocumentWriter writer;

  /** A sink that has still to be told its mapping file. */
  public MongoSink() {
    this(InstantSource.system());
  }

  MongoSink(InstantSource clock) {
    this.clock = clock;
  }

  /** Reads the mapping file. */
  public void start() {
    CamelContext context = camel();
    documents = DocumentMappingFile.read(MappingDocument.load(context, mapping));
    writer = new DocumentWriter(bean(MongoDatabase.class), documents, new Patience(clock));
  }

  @Override
  public BatchOutcome write(List<Event> events, Deadline deadline) {
    Map<Position, Failure> failures = new HashMap<>();
    Set<String> held = new HashSet<>();
    Set<Position> effective = new HashSet<>();
    for (List<Change> round : rounds(events, failures)) {
      List<Change> free = new ArrayList<>(round.size());
      for (Change change : round) {
        if (held.contains(change.event().key())) {
          failures.putIfAbsent(
              change.event().position(),
              Failure.keptBack("An earlier event of the same key is held"));
        } else if (!failures.containsKey(change.event().position())) {
          free.add(change);
        }
      }
      if (!free.isEmpty()) {
        failures.putAll(write(free, effective));
      }
      for (Change change : free) {
        Failure failure = failures.get(change.event().position());
        if (failure != null && failure.failureClass() != FailureClass.POISON) {
          held.add(change.event().key());
        }
      }
    }
    var outcome = new BatchOutcome.Builder();
    for (Event event : events) {
      Failure failure = failures.get(event.position());
      if (failure == null && effective.contains(event.position())) {
        outcome.delivered(event);
      } else if (failure == null) {
        outcome.superseded(event);
      } else {
        outcome.failed(event, failure);
      }
    }
    return outcome.build();
  }

  /** Unless an event deletes: what is gone knows no order. */
  @Override
  public boolean keepsOrder() {
    return Objects.requireNonNull(documents).keepsOrder();
  }

  /** The changes, so that each round has no document twice and the order of each is kept. */
  private List<List<Change>> rounds(List<Event> events, Map<Position, Failure> failures) {
    List<List<Change>> rounds = new ArrayList<>();
    Map<BsonValue, Integer> seen = new HashMap<>();
    for (Event event : events) {
      try {
        for (Change change : Objects.requireNonNull(documents).read(event)) {
          int round = seen.merge(change.id(), 1, Integer::sum);
          if (rounds.size() < round) {
            rounds.add(new ArrayList<>());
          }
          rounds.get(round - 1).add(change);
        }
      } catch (RefusedException refused) {
        failures.put(event.position(), refused.failure());
      }
    }
    return rounds;
  }

  private Map<Position, Failure> write(List<Change> changes, Set<Position> effective) {
    try {
      return Objects.requireNonNull(writer).write(changes, effective);
    } catch (MongoException e) {
      boolean outage = MongoErrors.isOutage(e);
      if (!outage && changes.size() > 1) {
        // In smaller parts it shows whose fault it is.
        throw e;
      }
      Failure failure = outage ? MongoErrors.outage(e) : MongoErrors.refusal(e);
      Map<Position, Failure> failures = new HashMap<>();
      changes.forEach(change -> failures.put(change.event().position(), failure));
      return failures;
    } catch (BsonMaximumSizeExceededException e) {
      if (changes.size() == 1) {
        return Map.of(changes.get(0).event().position(), TOO_LARGE);
      }
      // The driver, which counts before it sends, does not tell which one it is.
      int half = changes.size() / 2;
      Map<Position, Failure> failures = new HashMap<>(write(changes.subList(0, half), effective));
      failures.putAll(write(changes.subList(half, changes.size()), effective));
      return failures;
    }
  }

  /** Where the mapping file is, such as {@code file:routes/orders/x.mapping.yaml}. */
  public void setMapping(String mapping) {
    this.mapping = mapping;
  }
}
