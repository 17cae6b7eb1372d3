package io.qanat.sandbox;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A caller that knows nothing but the address, as grpcurl does: what services there are and what
 * they take, it asks the server. Messages are JSON.
 */
public final class GrpcCaller implements AutoCloseable {
  private static final long SECONDS = 60;

  private final ManagedChannel channel;
  private final Map<String, FileDescriptor> files = new HashMap<>();
  private final Map<String, com.google.protobuf.Descriptors.MethodDescriptor> methods =
      new ConcurrentHashMap<>();

  /** A caller of the server at a port of the loopback interface. */
  public GrpcCaller(int port) {
    this(port, Map.of());
  }

  /** A caller that sends metadata with each call. */
  public GrpcCaller(int port, Map<String, String> metadata) {
    Metadata headers = new Metadata();
    metadata.forEach(
        (name, value) ->
            headers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value));
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
            .build();
  }

  /** The channel, for stubs. */
  public Channel channel() {
    return channel;
  }

  /** The names of the services. */
  public List<String> services() {
    return reflect(ServerReflectionRequest.newBuilder().setListServices("").build())
        .getListServicesResponse()
        .getServiceList()
        .stream()
        .map(ServiceResponse::getName)
        .toList();
  }

  /** Calls a unary method, {@code service/method}, and gives the answer as JSON. */
  public String call(String method, String json) {
    MethodDescriptor<Message, Message> descriptor = method(method);
    Message answer =
        ClientCalls.blockingUnaryCall(
            channel,
            descriptor,
            CallOptions.DEFAULT.withDeadlineAfter(SECONDS, TimeUnit.SECONDS),
            request(method, json));
    return json(answer);
  }

  /** What came of a stream: its answers, and how it ended. */
  public record Streamed(List<String> answers, CompletableFuture<Void> end) {}

  /** Streams messages as fast as the server takes them, and gives the answers. */
  public Streamed stream(String method, Iterator<String> messages) {
    Streamed streamed = new Streamed(new CopyOnWriteArrayList<>(), new CompletableFuture<>());
    ClientCalls.asyncBidiStreamingCall(
        channel.newCall(
            method(method), CallOptions.DEFAULT.withDeadlineAfter(SECONDS, TimeUnit.SECONDS)),
        new ClientResponseObserver<Message, Message>() {
          @Override
          public void beforeStart(ClientCallStreamObserver<Message> requests) {
            requests.setOnReadyHandler(() -> send(requests));
          }

          private void send(ClientCallStreamObserver<Message> requests) {
            while (requests.isReady() && messages.hasNext()) {
              requests.onNext(request(method, messages.next()));
              if (!messages.hasNext()) {
                requests.onCompleted();
              }
            }
          }

          @Override
          public void onNext(Message answer) {
            streamed.answers().add(json(answer));
          }

          @Override
          public void onError(Throwable t) {
            streamed.end().completeExceptionally(t);
          }

          @Override
          public void onCompleted() {
            streamed.end().complete(null);
          }
        });
    return streamed;
  }

  private static String json(Message message) {
    try {
      return JsonFormat.printer()
          .preservingProtoFieldNames()
          .omittingInsignificantWhitespace()
          .print(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private Message request(String method, String json) {
    DynamicMessage.Builder request = DynamicMessage.newBuilder(described(method).getInputType());
    try {
      JsonFormat.parser().merge(json, request);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(json, e);
    }
    return request.build();
  }

  private MethodDescriptor<Message, Message> method(String method) {
    var described = described(method);
    return MethodDescriptor.<Message, Message>newBuilder()
        .setFullMethodName(method)
        .setType(described.isClientStreaming() ? MethodType.BIDI_STREAMING : MethodType.UNARY)
        .setRequestMarshaller(marshaller(described.getInputType()))
        .setResponseMarshaller(marshaller(described.getOutputType()))
        .build();
  }

  private static MethodDescriptor.Marshaller<Message> marshaller(Descriptor type) {
    return ProtoUtils.marshaller((Message) DynamicMessage.getDefaultInstance(type));
  }

  private com.google.protobuf.Descriptors.MethodDescriptor described(String method) {
    return methods.computeIfAbsent(method, this::describe);
  }

  private com.google.protobuf.Descriptors.MethodDescriptor describe(String method) {
    String service = method.substring(0, method.indexOf('/'));
    ServerReflectionResponse answer =
        reflect(ServerReflectionRequest.newBuilder().setFileContainingSymbol(service).build());
    Map<String, FileDescriptorProto> protos = new HashMap<>();
    answer
        .getFileDescriptorResponse()
        .getFileDescriptorProtoList()
        .forEach(
            bytes -> {
              try {
                FileDescriptorProto proto = FileDescriptorProto.parseFrom(bytes);
                protos.put(proto.getName(), proto);
              } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
              }
            });
    return protos.keySet().stream()
        .map(name -> file(name, protos))
        .flatMap(file -> file.getServices().stream())
        .filter(s -> s.getFullName().equals(service))
        .map(s -> s.findMethodByName(method.substring(service.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private FileDescriptor file(String name, Map<String, FileDescriptorProto> protos) {
    FileDescriptor known = files.get(name);
    if (known != null) {
      return known;
    }
    FileDescriptorProto proto = protos.get(name);
    FileDescriptor[] imported =
        proto.getDependencyList().stream().map(d -> file(d, protos)).toArray(FileDescriptor[]::new);
    try {
      FileDescriptor built = FileDescriptor.buildFrom(proto, imported);
      files.put(name, built);
      return built;
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException(e);
    }
  }

  private ServerReflectionResponse reflect(ServerReflectionRequest request) {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable t) {
                    answer.completeExceptionally(t);
                  }

                  @Override
                  public void onCompleted() {
                    answer.completeExceptionally(new IllegalStateException("no answer"));
                  }
                });
    requests.onNext(request);
    ServerReflectionResponse response = answer.join();
    requests.onCompleted();
    return response;
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
