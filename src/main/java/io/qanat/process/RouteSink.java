package io.qanat.process;

import io.qanat.KameletBean;
import io.qanat.deliver.BatchOutcome;
import io.qanat.deliver.Deadline;
import io.qanat.deliver.Event;
import io.qanat.deliver.Failure;
import io.qanat.deliver.FailureClass;
import io.qanat.deliver.Sink;
import io.qanat.kafka.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;

/**
 * The sink that takes each event through a route of its own, {@code direct:<route>}: several at
 * once, those of one key one after the other.
 *
 * <p>The route finds the data of the event as the body, and its id, type and key as the exchange
 * properties {@value #ID}, {@value #TYPE} and {@value #KEY}. An event is delivered once the route
 * has come to its end; a route that fails says by its exception whether the event must wait or is
 * refused. Whatever the route does for an event it may do again.
 *
 * <p>A bean for kamelets: set the properties, then {@link #start()}.
 */
public class RouteSink extends KameletBean implements Sink {
  static final String ID = "eventId";
  static final String TYPE = "eventType";
  static final String KEY = "eventKey";

  private static final Failure OUT_OF_TIME =
      Failure.transientFailure("HOLD_LIMIT", "There was no time left to begin with the event");

  private String route = "";
  private int parallel = 1;
  private @Nullable ExecutorService threads;
  private @Nullable ProducerTemplate producer;
  private @Nullable Endpoint endpoint;

  /** Gets ready to call the route. */
  public void start() {
    CamelContext context = camel();
    threads =
        context.getExecutorServiceManager().newFixedThreadPool(this, "process-" + route, parallel);
    producer = context.createProducerTemplate();
    // A route that is reloaded or stopped holds the event instead of a thread.
    endpoint = context.getEndpoint("direct:%s?block=false".formatted(route));
  }

  /** Lets the threads go; those that work come to their end. */
  public void close() {
    Objects.requireNonNull(threads).shutdown();
  }

  @Override
  public BatchOutcome write(List<Event> events, Deadline deadline) {
    Map<Position, Failure> failures = new ConcurrentHashMap<>();
    var interrupted = new AtomicBoolean();
    Deadline end = () -> interrupted.get() || deadline.passed();
    List<Future<?>> chains = new ArrayList<>();
    events.stream()
        .collect(Collectors.groupingBy(Event::key))
        .values()
        .forEach(
            chain ->
                chains.add(
                    Objects.requireNonNull(threads)
                        .submit(() -> processInTurn(chain, end, failures))));
    await(chains, interrupted);
    var outcome = new BatchOutcome.Builder();
    for (Event event : events) {
      Failure failure = failures.get(event.position());
      if (failure == null) {
        outcome.delivered(event);
      } else {
        outcome.failed(event, failure);
      }
    }
    return outcome.build();
  }

  /** Every event stands for itself: one that is redriven is processed, whatever came after it. */
  @Override
  public boolean keepsOrder() {
    return true;
  }

  private void processInTurn(List<Event> chain, Deadline end, Map<Position, Failure> failures) {
    boolean held = false;
    for (Event event : chain) {
      Failure failure;
      if (held) {
        failure = Failure.keptBack("An earlier event of the same key is held");
      } else if (end.passed()) {
        failure = OUT_OF_TIME;
      } else {
        failure = process(event);
      }
      if (failure != null) {
        failures.put(event.position(), failure);
        held |= failure.failureClass() != FailureClass.POISON;
      }
    }
  }

  private @Nullable Failure process(Event event) {
    Exchange done =
        Objects.requireNonNull(producer)
            .send(
                Objects.requireNonNull(endpoint),
                exchange -> {
                  exchange.setProperty(ID, event.id());
                  exchange.setProperty(TYPE, event.type());
                  exchange.setProperty(KEY, event.key());
                  exchange.getMessage().setBody(event.data().deepCopy());
                });
    Exception thrown = done.getException();
    return thrown == null ? null : RouteFailures.failure(thrown);
  }

  /** What has begun is waited for, even if the thread is interrupted: it may change something. */
  private static void await(List<Future<?>> chains, AtomicBoolean interrupted) {
    for (Future<?> chain : chains) {
      while (!chain.isDone()) {
        try {
          chain.get();
        } catch (InterruptedException e) {
          interrupted.set(true);
        } catch (ExecutionException e) {
          throw new IllegalStateException(e.getCause());
        }
      }
    }
    if (interrupted.get()) {
      Thread.currentThread().interrupt();
    }
  }

  /** The id of the route that an event goes through. */
  public void setRoute(String route) {
    this.route = route;
  }

  /** How many events are processed at the same time. */
  public void setParallel(int parallel) {
    this.parallel = parallel;
  }
}
