package io.qanat.grpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;
import io.qanat.accept.AcceptRoute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A service of a flow's {@code .proto} file, served by the flow's accept route: a unary method
 * hands over one message, a method that streams both ways chunks of them.
 */
final class FlowService {
  private final ServiceDescriptor service;
  private final Function<MethodDescriptor, AcceptRoute> routes;
  private final Intake intake;
  private final String callerHeader;

  /**
   * @param routes the route for a method
   * @param callerHeader the header in which a gateway names the caller; none if it is empty
   */
  FlowService(
      ServiceDescriptor service,
      Function<MethodDescriptor, AcceptRoute> routes,
      Intake intake,
      String callerHeader) {
    this.service = service;
    this.routes = routes;
    this.intake = intake;
    this.callerHeader = callerHeader;
  }

  /** What makes the reflection service know it. */
  private record Schema(ServiceDescriptor service) implements ProtoServiceDescriptorSupplier {
    @Override
    public ServiceDescriptor getServiceDescriptor() {
      return service;
    }

    @Override
    public FileDescriptor getFileDescriptor() {
      return service.getFile();
    }
  }

  /**
   * The service as a server takes it.
   *
   * @throws IllegalArgumentException if a method streams in one direction only
   */
  ServerServiceDefinition define() {
    var described =
        io.grpc.ServiceDescriptor.newBuilder(service.getFullName())
            .setSchemaDescriptor(new Schema(service));
    List<io.grpc.MethodDescriptor<Message, Message>> methods =
        service.getMethods().stream().map(this::method).toList();
    methods.forEach(described::addMethod);
    var definition = ServerServiceDefinition.builder(described.build());
    for (int i = 0; i < methods.size(); i++) {
      definition.addMethod(methods.get(i), handler(service.getMethods().get(i)));
    }
    return definition.build();
  }

  private io.grpc.MethodDescriptor<Message, Message> method(MethodDescriptor method) {
    if (method.isClientStreaming() != method.isServerStreaming()) {
      throw new IllegalArgumentException(
          "%s streams in one direction only; let it take and give one message, or stream both ways"
              .formatted(method.getFullName()));
    }
    return io.grpc.MethodDescriptor.<Message, Message>newBuilder()
        .setType(method.isClientStreaming() ? MethodType.BIDI_STREAMING : MethodType.UNARY)
        .setFullMethodName(
            io.grpc.MethodDescriptor.generateFullMethodName(
                service.getFullName(), method.getName()))
        .setRequestMarshaller(marshaller(method.getInputType()))
        .setResponseMarshaller(marshaller(method.getOutputType()))
        .build();
  }

  private static Marshaller<Message> marshaller(Descriptor type) {
    return ProtoUtils.marshaller((Message) DynamicMessage.getDefaultInstance(type));
  }

  private ServerCallHandler<Message, Message> handler(MethodDescriptor method) {
    AcceptRoute route = routes.apply(method);
    return (call, metadata) -> {
      Sender sender = sender(metadata);
      FlowCall.Chunk chunk =
          (messages, before) ->
              answer(
                  route,
                  json(messages, method.isClientStreaming()),
                  sender,
                  before,
                  method.getOutputType());
      return new FlowCall(call, intake, chunk).begin(method.isClientStreaming());
    };
  }

  /** Who sends, and with which headers. */
  private record Sender(Map<String, String> headers, @Nullable String caller) {}

  private Sender sender(Metadata metadata) {
    Map<String, String> headers = new HashMap<>();
    for (String name : AcceptRoute.headers()) {
      String value = header(metadata, name);
      if (value != null) {
        headers.put(name, value);
      }
    }
    return new Sender(headers, callerHeader.isEmpty() ? null : header(metadata, callerHeader));
  }

  private static @Nullable String header(Metadata metadata, String name) {
    return metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
  }

  private static JsonNode json(List<Message> messages, boolean stream) {
    if (!stream) {
      return ProtoJson.toJson(messages.get(0), "#");
    }
    ArrayNode array = JsonNodeFactory.instance.arrayNode(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      array.add(ProtoJson.toJson(messages.get(i), "#/" + i));
    }
    return array;
  }

  private static Message answer(
      AcceptRoute route, JsonNode body, Sender sender, long before, Descriptor type) {
    try {
      byte[] answer = route.answer(body, sender.headers(), sender.caller(), before);
      return ProtoJson.fromJson(answer, type);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("The route's answer is no " + type.getName(), e);
    }
  }
}
