package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grpc.Status;
import io.qanat.sandbox.GrpcCaller;
import io.qanat.sandbox.GrpcCaller.Streamed;
import io.qanat.trials.Entry.Outcome;
import io.qanat.trials.TcpProxy.Mode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A stream ends in the middle: what was acknowledged is kept, each once, and what was not may be.
 *
 * <p>Protection: a chunk is acknowledged once Kafka has all of it, and chunks in their order.
 */
@ExtendWith(World.Shared.class)
class GrpcTrial {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final String METHOD = "qanat.locations.v1.LocationService/ReportStream";
  private static final int ENOUGH = 2_000;
  private static final int PEOPLE = 50;

  /** What happens in the middle of a stream. */
  private interface Fault {
    void run() throws Exception;
  }

  /** What a stream acknowledges: receipts, in the order of what was sent. */
  private static List<String> receipts(Streamed streamed) {
    List<String> receipts = new ArrayList<>();
    for (String answer : streamed.answers()) {
      try {
        for (JsonNode receipt : JSON.readTree(answer).path("receipts")) {
          receipts.add("/receipts/" + receipt.asText());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return receipts;
  }

  @Test
  @Tag("long")
  @DisplayName("T01 killed in the middle of a stream")
  void keepsWhatAStreamAcknowledgedThoughTheHubIsKilled(World world) throws Exception {
    try (Ledger ledger = new Ledger(world, Locations.FLOW, "stream-killed")) {
      cut(ledger, world.hub().grpcPort(), () -> world.hub().kill9());
      world.hub().start();

      Balance.settled(world, ledger);
    }
  }

  @Test
  @Tag("long")
  @DisplayName("T01 a stream is cut in the middle")
  void keepsWhatAStreamAcknowledgedThoughItIsCut(World world) throws Exception {
    try (Ledger ledger = new Ledger(world, Locations.FLOW, "stream-cut");
        TcpProxy wire = new TcpProxy(world.hub().grpcPort())) {
      cut(ledger, wire.port(), () -> wire.mode(Mode.RESET));

      Balance.settled(world, ledger);
    }
  }

  @Test
  @Tag("long")
  @DisplayName("T04 the broker is killed in the middle of a stream")
  void endsAStreamWhenTheBrokerIsKilled(World world) throws Exception {
    try (Ledger ledger = new Ledger(world, Locations.FLOW, "stream-away")) {
      try {
        cut(ledger, world.hub().grpcPort(), () -> world.broker().kill());
      } finally {
        world.broker().start();
      }

      Balance.settledUncounted(world, ledger);
    }
  }

  /** Streams until something happens, and notes what was acknowledged and what was only sent. */
  private static void cut(Ledger ledger, int port, Fault fault) throws Exception {
    List<Change> sent = Collections.synchronizedList(new ArrayList<>());
    Random random = Seed.random("stream");
    Iterator<String> messages =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public String next() {
            Change change = ledger.next(ledger.key("of-" + random.nextInt(PEOPLE)));
            sent.add(change);
            return Locations.FLOW.body(change, random);
          }
        };
    try (GrpcCaller caller = new GrpcCaller(port)) {
      Streamed streamed = caller.stream(METHOD, messages);
      await("the stream is acknowledged")
          .atMost(SOON)
          .until(() -> receipts(streamed).size() > ENOUGH);

      fault.run();

      assertThat(streamed.end())
          .failsWithin(Duration.ofSeconds(30))
          .withThrowableOfType(ExecutionException.class)
          .satisfies(
              e ->
                  assertThat(Status.fromThrowable(e).getCode()).isEqualTo(Status.Code.UNAVAILABLE));
      List<String> receipts = receipts(streamed);
      for (int n = 0; n < sent.size(); n++) {
        if (n < receipts.size()) {
          ledger.note(sent.get(n), Outcome.OK, receipts.get(n));
        } else {
          ledger.note(sent.get(n), Outcome.UNKNOWN, null);
        }
      }
    }
  }
}
