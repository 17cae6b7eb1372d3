package io.qanat.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Int32Value;
import com.google.protobuf.Message;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.qanat.accept.Problem;
import io.qanat.accept.ProblemException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FlowCallTest {
  private static final int MEMORY = 10_000;

  private final FakeCall call = new FakeCall();
  private final Queue<Runnable> work = new ArrayDeque<>();
  private final Semaphore bytes = new Semaphore(MEMORY);
  private final List<List<Message>> chunks = new ArrayList<>();
  private final List<Long> before = new ArrayList<>();
  private @Nullable RuntimeException failure;

  private final FlowCall flow =
      new FlowCall(
          call,
          new Intake(work::add, bytes),
          (messages, earlier) -> {
            chunks.add(messages);
            before.add(earlier);
            if (failure != null) {
              throw failure;
            }
            return Int32Value.of(messages.size());
          });

  /** A call whose client is seen by what it is asked for and told. */
  private static final class FakeCall extends ServerCall<Message, Message> {
    private int requested;
    private boolean ready = true;
    private final List<Integer> acknowledged = new ArrayList<>();
    private @Nullable Status closed;

    @Override
    public void request(int messages) {
      requested += messages;
    }

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(Message message) {
      acknowledged.add(((Int32Value) message).getValue());
    }

    @Override
    public void close(Status status, Metadata trailers) {
      assertThat(closed).as("closed once").isNull();
      closed = status;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public Attributes getAttributes() {
      return Attributes.EMPTY;
    }

    @Override
    public @Nullable MethodDescriptor<Message, Message> getMethodDescriptor() {
      return null;
    }
  }

  private void send(int messages) {
    IntStream.range(0, messages).forEach(n -> flow.onMessage(Int32Value.of(1_000_000)));
  }

  private void runAll() {
    for (Runnable next = work.poll(); next != null; next = work.poll()) {
      next.run();
    }
  }

  @Test
  void makesOneChunkOfWhatCameWhileAnotherWasOnItsWay() {
    flow.begin(true);
    send(300);
    assertThat(work).as("one works at a time").hasSize(1);
    runAll();

    assertThat(chunks).extracting(List::size).containsExactly(256, 44);
    assertThat(before).containsExactly(0L, 256L);
    assertThat(call.acknowledged).containsExactly(256, 44);
  }

  @Test
  void letsTheClientSendOnlySoMuchMoreAsWasAcknowledged() {
    flow.begin(true);
    assertThat(call.requested).isEqualTo(512);
    send(512);
    assertThat(call.requested).isEqualTo(512);
    runAll();

    assertThat(call.requested).isEqualTo(1_024);
    assertThat(bytes.availablePermits()).isEqualTo(MEMORY);
  }

  @Test
  void waitsForAClientThatDoesNotReadItsAcknowledgements() {
    flow.begin(true);
    call.ready = false;
    send(5);
    assertThat(work).isEmpty();

    call.ready = true;
    flow.onReady();
    runAll();

    assertThat(call.acknowledged).containsExactly(5);
  }

  @Test
  void endsTheStreamOnceTheLastChunkIsAcknowledged() {
    flow.begin(true);
    send(3);
    flow.onHalfClose();
    assertThat(call.closed).isNull();
    runAll();

    assertThat(call.acknowledged).containsExactly(3);
    assertThat(call.closed).isEqualTo(Status.OK);
  }

  @Test
  void endsAnEmptyStream() {
    flow.begin(true);
    flow.onHalfClose();
    runAll();

    assertThat(chunks).isEmpty();
    assertThat(call.closed).isEqualTo(Status.OK);
  }

  @Test
  void acknowledgesNothingAfterAChunkThatIsRefused() {
    flow.begin(true);
    send(256);
    runAll();
    failure = new ProblemException(Problem.Kind.NOT_ACCEPTED, "Kafka is away.");
    send(300);
    runAll();

    assertThat(call.acknowledged).containsExactly(256);
    assertThat(call.closed).extracting(Status::getCode).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(bytes.availablePermits()).isEqualTo(MEMORY);
  }

  @Test
  void tellsNothingOfADefect() {
    flow.begin(false);
    failure = new IllegalStateException("secret");
    send(1);
    flow.onHalfClose();
    runAll();

    assertThat(call.closed).extracting(Status::getCode).isEqualTo(Status.Code.INTERNAL);
    assertThat(call.closed).extracting(Status::getDescription).asString().doesNotContain("secret");
  }

  @Test
  void forgetsWhatAClientLeftThatIsGone() {
    flow.begin(true);
    send(5);
    flow.onCancel();
    runAll();

    assertThat(chunks).isEmpty();
    assertThat(call.closed).isNull();
    assertThat(bytes.availablePermits()).isEqualTo(MEMORY);
  }

  @Test
  void takesNoMoreThanTheMemoryThatAllCallsShare() {
    flow.begin(true);
    bytes.drainPermits();
    send(1);

    assertThat(call.closed).extracting(Status::getCode).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(bytes.availablePermits()).isZero();
  }

  @Test
  void wantsExactlyOneMessageWhereThereIsNoStream() {
    flow.begin(false);
    send(2);

    assertThat(call.closed).extracting(Status::getCode).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(chunks).isEmpty();
  }
}
