package io.qanat.trials;

import io.qanat.trials.TcpProxy.Mode;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * The wire between the hub and MongoDB, which understands what is said on it: it counts what is
 * written to each collection, and can break in the middle of a bulk, or answer for the server as
 * one that is no longer the primary, or that refuses documents.
 */
final class MongoWire implements AutoCloseable {
  /** What becomes of the writes to a collection. */
  enum Fault {
    /** Nothing is written, because the server is not the primary. */
    NOT_PRIMARY,
    /** The server stops being the primary when a half of a bulk is written; one alone is spared. */
    STEPS_DOWN,
    /** The wire breaks when a half of a bulk is written; one alone is spared. */
    HALF_WRITTEN,
    /** All is written, but the server stops being the primary before a majority has it. */
    NOT_REPLICATED,
    /** Each document is refused for itself. */
    REFUSED,
    /** All is written, and answered late. */
    LATE
  }

  private static final BsonInt32 NOT_WRITABLE_PRIMARY = new BsonInt32(10_107);
  private static final BsonInt32 PRIMARY_STEPPED_DOWN = new BsonInt32(189);
  private static final BsonInt32 DOCUMENT_VALIDATION_FAILURE = new BsonInt32(121);
  private static final BsonInt32 NONE = new BsonInt32(0);
  private static final BsonInt32 OK = new BsonInt32(1);

  private final Map<String, Fault> faults = new ConcurrentHashMap<>();
  private final Map<String, Integer> strikes = new ConcurrentHashMap<>();
  private final Map<String, Integer> calls = new ConcurrentHashMap<>();
  private final Map<String, Integer> written = new ConcurrentHashMap<>();
  private volatile Duration delay = Duration.ZERO;
  private volatile CountDownLatch late = new CountDownLatch(0);
  private final TcpProxy proxy;

  MongoWire(int serverPort) {
    proxy = new TcpProxy(serverPort, this::carry);
  }

  /** Where it listens. */
  int port() {
    return proxy.port();
  }

  /** Cuts it, lets it carry nothing, or lets it work again. */
  void mode(Mode mode) {
    proxy.mode(mode);
  }

  /** Lets the writes to a collection fail, from now on. */
  void fault(String collection, Fault fault) {
    faults.put(collection, fault);
  }

  /** Lets the writes to a collection be answered late, from now on. */
  void late(String collection, Duration delay) {
    this.delay = delay;
    late = new CountDownLatch(1);
    fault(collection, Fault.LATE);
  }

  /** Calls off the fault of a collection, and lets go what waits. */
  void recover(String collection) {
    faults.remove(collection);
    late.countDown();
  }

  /** Forgets all that was counted of a collection. */
  void reset(String collection) {
    List.of(strikes, calls, written).forEach(count -> count.remove(collection));
  }

  /** How often the fault of a collection has struck. */
  int strikes(String collection) {
    return strikes.getOrDefault(collection, 0);
  }

  /** How many bulks were to be written to a collection. */
  int calls(String collection) {
    return calls.getOrDefault(collection, 0);
  }

  /** How many documents were written to a collection, each as often as it was. */
  int written(String collection) {
    return written.getOrDefault(collection, 0);
  }

  private void carry(Socket client, Socket server) throws IOException {
    DataInputStream requests = new DataInputStream(client.getInputStream());
    DataInputStream answers = new DataInputStream(server.getInputStream());
    OutputStream toServer = server.getOutputStream();
    OutputStream toClient = client.getOutputStream();
    for (byte[] request = read(requests); request != null; request = read(requests)) {
      if (proxy.mode() == Mode.SILENT) {
        continue;
      }
      byte[] message = request;
      byte[] answer =
          answer(
              message,
              asked -> {
                toServer.write(asked);
                byte[] said = read(answers);
                if (said == null) {
                  throw new IOException("The server is gone");
                }
                return said;
              });
      if (proxy.mode() != Mode.SILENT) {
        toClient.write(answer);
      }
    }
  }

  /** A message with its header, or null at the end. */
  private static byte @Nullable [] read(DataInputStream in) throws IOException {
    byte[] length = in.readNBytes(Integer.BYTES);
    if (length.length < Integer.BYTES) {
      return null;
    }
    byte[] message = new byte[ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt()];
    System.arraycopy(length, 0, message, 0, Integer.BYTES);
    in.readFully(message, Integer.BYTES, message.length - Integer.BYTES);
    return message;
  }

  /** Asks the server. */
  private interface Server {
    byte[] ask(byte[] message) throws IOException;
  }

  private byte[] answer(byte[] message, Server server) throws IOException {
    OpMsg request = OpMsg.is(message) ? OpMsg.request(message) : null;
    if (request == null || !request.writes()) {
      return server.ask(message);
    }
    String collection = request.collection();
    calls.merge(collection, 1, Integer::sum);
    Fault fault = faults.get(collection);
    if (fault == null || isSpared(request, fault)) {
      return counted(collection, server.ask(message));
    }
    strikes.merge(collection, 1, Integer::sum);
    return switch (fault) {
      case NOT_PRIMARY ->
          new OpMsg(request.id(), notPrimary(NOT_WRITABLE_PRIMARY).append("ok", NONE)).asAnswer();
      case STEPS_DOWN -> {
        OpMsg answer = half(request, server);
        yield errors(
                answer,
                request.statements().size() / 2,
                request.statements().size(),
                index -> notPrimary(NOT_WRITABLE_PRIMARY))
            .asAnswer();
      }
      case HALF_WRITTEN -> {
        half(request, server);
        throw new IOException("The wire breaks");
      }
      case NOT_REPLICATED -> {
        OpMsg answer = OpMsg.answer(counted(collection, server.ask(message)));
        answer.body().append("writeConcernError", notPrimary(PRIMARY_STEPPED_DOWN));
        yield answer.asAnswer();
      }
      case REFUSED ->
          errors(
                  new OpMsg(request.id(), new BsonDocument("ok", OK).append("n", NONE)),
                  0,
                  request.statements().size(),
                  index -> error(DOCUMENT_VALIDATION_FAILURE, "Document failed validation"))
              .asAnswer();
      case LATE -> {
        byte[] answer = counted(collection, server.ask(message));
        await();
        yield answer;
      }
    };
  }

  /** Of one document there is no half. */
  private static boolean isSpared(OpMsg request, Fault fault) {
    return (fault == Fault.STEPS_DOWN || fault == Fault.HALF_WRITTEN)
        && request.statements().size() < 2;
  }

  /** Writes the first half of a bulk, and tells what the server answers. */
  private OpMsg half(OpMsg request, Server server) throws IOException {
    List<BsonValue> all = request.statements();
    OpMsg half = request.with(all.subList(0, all.size() / 2));
    return OpMsg.answer(counted(request.collection(), server.ask(half.asRequest())));
  }

  private static OpMsg errors(OpMsg answer, int from, int to, IntFunction<BsonDocument> error) {
    List<BsonValue> errors =
        new ArrayList<>(answer.body().getArray("writeErrors", new BsonArray()).getValues());
    for (int index = from; index < to; index++) {
      errors.add(error.apply(index).append("index", new BsonInt32(index)));
    }
    answer.body().append("writeErrors", new BsonArray(errors));
    return answer;
  }

  private static BsonDocument notPrimary(BsonInt32 code) {
    return error(code, "not primary");
  }

  private static BsonDocument error(BsonInt32 code, String message) {
    return new BsonDocument("code", code).append("errmsg", new BsonString(message));
  }

  private byte[] counted(String collection, byte[] answer) {
    written.merge(collection, OpMsg.answer(answer).written(), Integer::sum);
    return answer;
  }

  private void await() throws IOException {
    try {
      var unused = late.await(delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    late.countDown();
    proxy.close();
  }
}
