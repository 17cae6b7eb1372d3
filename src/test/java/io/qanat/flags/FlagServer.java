package io.qanat.flags;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import dev.openfeature.flagd.grpc.sync.FlagSyncServiceGrpc.FlagSyncServiceImplBase;
import dev.openfeature.flagd.grpc.sync.Sync.GetMetadataRequest;
import dev.openfeature.flagd.grpc.sync.Sync.GetMetadataResponse;
import dev.openfeature.flagd.grpc.sync.Sync.SyncFlagsRequest;
import dev.openfeature.flagd.grpc.sync.Sync.SyncFlagsResponse;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.qanat.flags.FlagsProperties.FlagProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on loopback that tells one flag, in the protocol of a provider. */
abstract class FlagServer implements AutoCloseable {
  private volatile String variant = "simulator";

  static FlagServer start(FlagProvider provider, int port) {
    try {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      return provider == FlagProvider.FLAGD ? new Flagd(address) : new Unleash(address);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String variant() {
    return variant;
  }

  /** Makes the flag this variant. */
  void say(String variant) {
    this.variant = variant;
  }

  /** Is away from now on. */
  abstract void stop();

  @Override
  public void close() {
    stop();
  }

  /**
   * What flagd tells hubs that evaluate flags themselves.
   *
   * @see <a
   *     href="https://flagd.dev/reference/specifications/protos/#syncv1sync_serviceproto">flagd,
   *     sync service</a>
   */
  @SuppressWarnings("deprecation") // The provider still asks for the metadata.
  private static final class Flagd extends FlagServer {
    private final List<StreamObserver<SyncFlagsResponse>> listeners = new CopyOnWriteArrayList<>();
    private final Server server;

    Flagd(InetSocketAddress address) throws IOException {
      server =
          NettyServerBuilder.forAddress(address)
              .addService(
                  new FlagSyncServiceImplBase() {
                    @Override
                    public void syncFlags(
                        SyncFlagsRequest request, StreamObserver<SyncFlagsResponse> listener) {
                      listener.onNext(flags());
                      listeners.add(listener);
                    }

                    @Override
                    public void getMetadata(
                        GetMetadataRequest request, StreamObserver<GetMetadataResponse> caller) {
                      caller.onNext(GetMetadataResponse.getDefaultInstance());
                      caller.onCompleted();
                    }
                  })
              .build()
              .start();
    }

    private SyncFlagsResponse flags() {
      return SyncFlagsResponse.newBuilder()
          .setFlagConfiguration(
              """
              {"flags":{"payment-provider":{"state":"ENABLED","defaultVariant":"%s",
                "variants":{"simulator":"simulator","http":"http"}}}}
              """
                  .formatted(variant()))
          .build();
    }

    @Override
    void say(String variant) {
      super.say(variant);
      listeners.forEach(listener -> listener.onNext(flags()));
    }

    @Override
    void stop() {
      server.shutdownNow();
    }
  }

  /**
   * What Unleash tells its clients.
   *
   * @see <a
   *     href="https://docs.getunleash.io/reference/api/unleash/get-all-client-features">Unleash,
   *     client features</a>
   */
  private static final class Unleash extends FlagServer {
    private final HttpServer server;

    Unleash(InetSocketAddress address) throws IOException {
      server = HttpServer.create(address, 0);
      server.createContext(
          "/api/client/",
          exchange -> {
            exchange.getRequestBody().readAllBytes();
            boolean known = "token".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] answer = flags().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(known ? 200 : 401, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
          });
      server.start();
    }

    private String flags() {
      return """
      {"version":2,"features":[{"name":"payment-provider","type":"release","enabled":true,
        "strategies":[{"name":"default","parameters":{},"constraints":[]}],
        "variants":[{"name":"%1$s","weight":1000,"weightType":"variable","stickiness":"default",
          "payload":{"type":"string","value":"%1$s"}}]}]}
      """
          .formatted(variant());
    }

    @Override
    void stop() {
      server.stop(0);
    }
  }
}
