package io.qanat.grpc;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.qanat.accept.Problem;
import io.qanat.accept.ProblemException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call. Whatever of a stream has come while a chunk is on its way to Kafka is the next chunk,
 * and a client may send only so much more as was acknowledged: an endless stream takes as much
 * memory as a short one. A call with a single message is a stream of one chunk.
 */
final class FlowCall extends ServerCall.Listener<Message> {
  private static final Logger LOG = LoggerFactory.getLogger(FlowCall.class);

  /** How many messages of a stream may be here that are not acknowledged. */
  private static final int WINDOW = 512;

  private static final int CHUNK = 256;

  /** Works on the messages of a chunk, in order, and tells what to acknowledge them with. */
  interface Chunk {
    /**
     * Takes the messages in.
     *
     * @param before how many messages of the call came before these
     * @throws ProblemException if they are refused
     */
    Message take(List<Message> messages, long before);
  }

  private final ServerCall<Message, Message> call;
  private final Intake intake;
  private final Chunk chunk;

  private final Queue<Message> waiting = new ArrayDeque<>();
  private boolean streams;
  private boolean working;
  private boolean halfClosed;
  private boolean over;

  /** Only whoever works on a chunk touches this. */
  private long acknowledged;

  FlowCall(ServerCall<Message, Message> call, Intake intake, Chunk chunk) {
    this.call = call;
    this.intake = intake;
    this.chunk = chunk;
  }

  /** Lets the client begin. */
  FlowCall begin(boolean streams) {
    this.streams = streams;
    call.sendHeaders(new Metadata());
    // A second message where there must be one is to be noticed.
    call.request(streams ? WINDOW : 2);
    return this;
  }

  @Override
  public synchronized void onMessage(Message message) {
    if (over) {
      return;
    }
    if (!streams && !waiting.isEmpty()) {
      close(Status.INVALID_ARGUMENT.withDescription("Send one message."), new Metadata());
    } else if (!intake.bytes().tryAcquire(message.getSerializedSize())) {
      refuse(
          new Problem(
              Problem.Kind.UNAVAILABLE, "Too many messages are at hand. Send it again shortly."),
          0);
    } else {
      waiting.add(message);
      work();
    }
  }

  @Override
  public synchronized void onHalfClose() {
    halfClosed = true;
    if (!streams && waiting.isEmpty()) {
      close(Status.INVALID_ARGUMENT.withDescription("Send one message."), new Metadata());
    }
    work();
  }

  /** The client reads its acknowledgements again. */
  @Override
  public synchronized void onReady() {
    work();
  }

  /** What was not acknowledged is forgotten; the client is gone. */
  @Override
  public synchronized void onCancel() {
    end();
  }

  private synchronized void work() {
    if (!working && !over && mayWork()) {
      working = true;
      intake.executor().execute(this::chunks);
    }
  }

  private boolean mayWork() {
    return halfClosed || (streams && !waiting.isEmpty() && call.isReady());
  }

  private void chunks() {
    for (List<Message> next = next(); !next.isEmpty(); next = next()) {
      try {
        acknowledge(chunk.take(next, acknowledged), next.size());
        acknowledged += next.size();
      } catch (ProblemException e) {
        refuse(e.problem(), acknowledged);
      } catch (RuntimeException | Error e) {
        LOG.error("A gRPC call failed", e);
        refuse(
            new Problem(
                Problem.Kind.INTERNAL_ERROR,
                "The hub met a defect of its own; what was not acknowledged was not accepted."),
            acknowledged);
      } finally {
        release(next);
      }
    }
  }

  /** The next chunk; none if there is nothing to do for now. */
  private synchronized List<Message> next() {
    List<Message> next = new ArrayList<>();
    if (!over && mayWork()) {
      while (!waiting.isEmpty() && next.size() < CHUNK) {
        next.add(waiting.remove());
      }
    }
    if (next.isEmpty()) {
      working = false;
      if (halfClosed && waiting.isEmpty()) {
        close(Status.OK, new Metadata());
      }
    }
    return next;
  }

  private synchronized void acknowledge(Message acknowledgement, int messages) {
    if (!over) {
      call.sendMessage(acknowledgement);
      if (streams) {
        call.request(messages);
      }
    }
  }

  private void refuse(Problem problem, long before) {
    StatusRuntimeException status = GrpcProblems.status(problem, before);
    Metadata trailers = status.getTrailers();
    close(status.getStatus(), trailers == null ? new Metadata() : trailers);
  }

  private synchronized void close(Status status, Metadata trailers) {
    if (!over) {
      end();
      call.close(status, trailers);
    }
  }

  private void end() {
    over = true;
    release(waiting);
    waiting.clear();
  }

  private void release(Iterable<Message> messages) {
    messages.forEach(m -> intake.bytes().release(m.getSerializedSize()));
  }
}
