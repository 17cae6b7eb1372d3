package io.qanat.process;

import static io.qanat.deliver.OutcomeAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.deliver.BatchOutcome;
import io.qanat.deliver.Deadline;
import io.qanat.deliver.Event;
import io.qanat.deliver.RefusedException;
import io.qanat.deliver.UnavailableException;
import io.qanat.kafka.Position;
import java.net.ConnectException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each event goes through its route, and the route's failure is the event's. */
class RouteSinkTest {
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final Map<String, Exception> failures = new ConcurrentHashMap<>();
  private final RouteSink sink = new RouteSink();
  private Processor work = exchange -> {};

  @BeforeEach
  void start() throws Exception {
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            errorHandler(noErrorHandler());
            from("direct:x-process-thing")
                .routeId("x-process-thing")
                .process(RouteSinkTest.this::visit);
          }
        });
    camel.start();
    sink.setCamelContext(camel);
    sink.setRoute("x-process-thing");
    sink.setParallel(4);
    sink.start();
  }

  @AfterEach
  void stop() throws Exception {
    sink.close();
    camel.close();
  }

  private void visit(Exchange exchange) throws Exception {
    String id = exchange.getProperty("eventId", String.class);
    seen.add(id);
    work.process(exchange);
    if (failures.containsKey(id)) {
      throw failures.get(id);
    }
  }

  /** An event of each key, whose ids are the key and its index. */
  private static List<Event> events(String... keys) {
    List<Event> events = new ArrayList<>();
    for (String key : keys) {
      int index = events.size();
      ObjectNode data = JsonNodeFactory.instance.objectNode().put("n", index);
      events.add(
          new Event(
              new Position("qanat.x", 0, index),
              key,
              key + index,
              "thing.made",
              Instant.EPOCH,
              data));
    }
    return events;
  }

  private BatchOutcome write(String... keys) {
    return sink.write(events(keys), Deadline.NEVER);
  }

  @Test
  void givesTheRouteTheEventAndDeliversWhatComesToItsEnd() {
    List<Object> bodies = new CopyOnWriteArrayList<>();
    work =
        exchange -> {
          bodies.add(exchange.getMessage().getBody());
          bodies.add(exchange.getProperty("eventType"));
          bodies.add(exchange.getProperty("eventKey"));
          ((ObjectNode) exchange.getMessage().getBody()).put("changed", true);
        };
    List<Event> events = events("a");

    assertThat(sink.write(events, Deadline.NEVER)).deliveredAllOf(events);
    assertThat(bodies.get(0)).hasToString("{\"n\":0,\"changed\":true}");
    assertThat(bodies.subList(1, 3)).containsExactly("thing.made", "a");
    assertThat(events.get(0).data()).hasToString("{\"n\":0}");
  }

  @Test
  void takesEventsOfOneKeyInTheirOrder() {
    String[] keys = new String[200];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = "k" + i % 5;
    }

    write(keys);

    assertThat(seen).hasSize(200);
    for (int key = 0; key < 5; key++) {
      String prefix = "k" + key;
      assertThat(seen.stream().filter(id -> id.startsWith(prefix)).map(id -> id.substring(2)))
          .isSortedAccordingTo(java.util.Comparator.comparingInt(Integer::parseInt));
    }
  }

  @Test
  void takesEventsOfDifferentKeysAtTheSameTime() {
    var barrier = new CyclicBarrier(4);
    work = exchange -> barrier.await(20, TimeUnit.SECONDS);

    assertThat(write("a", "b", "c", "d")).delivered(0, 1, 2, 3);
  }

  @Test
  void holdsWhatMustWaitAndWhatComesAfterItInTheKey() {
    failures.put("a0", new CamelExchangeException("", null, new ConnectException("refused")));
    failures.put("b3", new UnavailableException("PAYMENT_UNAVAILABLE", "not now"));

    assertThat(write("a", "b", "a", "b", "b"))
        .delivered(1)
        .held(0, "SINK_UNREACHABLE")
        .held(2, "PREDECESSOR_HELD")
        .held(3, "PAYMENT_UNAVAILABLE")
        .held(4, "PREDECESSOR_HELD");
    assertThat(seen).doesNotContain("a2", "b4");
  }

  @Test
  void rejectsWhatIsRefusedAndGoesOnInTheKey() {
    failures.put("a0", new RefusedException("PAYMENT_HTTP_422", "no", List.of()));

    assertThat(write("a", "a")).rejected(0, "PAYMENT_HTTP_422").delivered(1);
  }

  @Test
  void holdsWhenKafkaDoesNotTakeWhatTheRoutePublishes() {
    failures.put("a0", new CamelExchangeException("", null, new TimeoutException("expired")));

    assertThat(write("a")).held(0, "KAFKA_UNREACHABLE");
  }

  @Test
  void leavesWhatNobodyFoundOutToTheEngine() {
    failures.put("a0", new IllegalStateException("a defect"));

    assertThat(write("a")).held(0, "UNEXPECTED_FAILURE");
  }

  @Test
  void holdsWhileTheRouteIsStopped() throws Exception {
    camel.getRouteController().stopRoute("x-process-thing");

    assertThat(write("a", "b")).heldAll(2, "ROUTE_STOPPED");

    camel.getRouteController().startRoute("x-process-thing");
    assertThat(write("a", "b")).delivered(0, 1);
  }

  @Test
  void beginsNothingMoreOnceTheTimeIsUp() {
    var asked = new AtomicInteger();

    BatchOutcome outcome = sink.write(events("a", "a", "a"), () -> asked.incrementAndGet() > 2);

    assertThat(outcome).delivered(0, 1).held(2, "HOLD_LIMIT");
    assertThat(seen).hasSize(2);
  }

  @Test
  void waitsForWhatHasBegunWhenItIsInterrupted() {
    Thread caller = Thread.currentThread();
    var finished = new AtomicInteger();
    work =
        exchange -> {
          caller.interrupt();
          finished.incrementAndGet();
        };

    BatchOutcome outcome = write("a", "a", "a", "a", "a", "a", "a", "a", "a", "a");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(outcome.delivered()).hasSize(finished.get());
    assertThat(outcome.delivered().size() + outcome.held().size()).isEqualTo(10);
  }
}
