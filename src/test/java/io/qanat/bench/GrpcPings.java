package io.qanat.bench;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Sends locations over gRPC: in streams, each with a connection of its own, or call by call. */
final class GrpcPings implements PingClient {
  private static final String SERVICE = "qanat.locations.v1.LocationService/";
  private static final MethodDescriptor<byte[], byte[]> REPORT = method("Report", MethodType.UNARY);
  private static final MethodDescriptor<byte[], byte[]> REPORT_STREAM =
      method("ReportStream", MethodType.BIDI_STREAMING);

  private final Pings pings;
  private final List<ManagedChannel> channels;
  private final int callsInFlight;

  private GrpcPings(Pings pings, int port, int connections, int callsInFlight) {
    this.pings = pings;
    this.callsInFlight = callsInFlight;
    channels =
        Stream.generate(
                () ->
                    NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .usePlaintext()
                        .directExecutor()
                        .build())
            .limit(connections)
            .toList();
  }

  static GrpcPings streams(Pings pings, int port, int streams) {
    return new GrpcPings(pings, port, streams, 0);
  }

  static GrpcPings calls(Pings pings, int port, int inFlight) {
    return new GrpcPings(pings, port, 1, inFlight);
  }

  private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setFullMethodName(SERVICE + name)
        .setType(type)
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  /** Messages are sent as they are, so that the client costs little. */
  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream message) {
      try {
        return message.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public long send(BooleanSupplier more) {
    Stream<CompletableFuture<Long>> acknowledged =
        callsInFlight == 0
            ? channels.stream().map(channel -> stream(channel, more))
            : IntStream.range(0, callsInFlight).mapToObj(i -> calls(channels.get(0), more));
    return acknowledged.toList().stream().mapToLong(CompletableFuture::join).sum();
  }

  private CompletableFuture<Long> stream(ManagedChannel channel, BooleanSupplier more) {
    CompletableFuture<Long> done = new CompletableFuture<>();
    ClientCalls.asyncBidiStreamingCall(
        channel.newCall(REPORT_STREAM, CallOptions.DEFAULT),
        new ClientResponseObserver<byte[], byte[]>() {
          private final AtomicLong sent = new AtomicLong();
          private long acknowledged;
          private boolean ended;

          @Override
          public void beforeStart(ClientCallStreamObserver<byte[]> requests) {
            requests.setOnReadyHandler(() -> send(requests));
          }

          private void send(ClientCallStreamObserver<byte[]> requests) {
            while (requests.isReady() && !ended) {
              if (more.getAsBoolean()) {
                requests.onNext(pings.message(sent.getAndIncrement()));
              } else {
                ended = true;
                requests.onCompleted();
              }
            }
          }

          @Override
          public void onNext(byte[] receipts) {
            acknowledged += Pings.accepted(receipts);
          }

          @Override
          public void onError(Throwable t) {
            done.completeExceptionally(t);
          }

          @Override
          public void onCompleted() {
            if (acknowledged == sent.get()) {
              done.complete(acknowledged);
            } else {
              done.completeExceptionally(
                  new IllegalStateException(
                      "%d sent, %d acknowledged".formatted(sent.get(), acknowledged)));
            }
          }
        });
    return done;
  }

  /** One call after the other, until there are no more. */
  private CompletableFuture<Long> calls(ManagedChannel channel, BooleanSupplier more) {
    CompletableFuture<Long> done = new CompletableFuture<>();
    call(channel, more, 0, done);
    return done;
  }

  private void call(
      ManagedChannel channel, BooleanSupplier more, long before, CompletableFuture<Long> done) {
    if (!more.getAsBoolean()) {
      done.complete(before);
      return;
    }
    ClientCalls.asyncUnaryCall(
        channel.newCall(REPORT, CallOptions.DEFAULT),
        pings.message(before),
        new StreamObserver<>() {
          @Override
          public void onNext(byte[] receipt) {}

          @Override
          public void onError(Throwable t) {
            done.completeExceptionally(t);
          }

          @Override
          public void onCompleted() {
            call(channel, more, before + 1, done);
          }
        });
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
