package io.qanat.grpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import io.qanat.accept.Problem;
import io.qanat.accept.Problem.Kind;
import io.qanat.accept.Problem.Violation;
import io.qanat.accept.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * Messages as JSON trees, after protobuf's own JSON mapping, with two differences that suit
 * contracts: fields keep their names, and 64-bit integers are numbers. A field with explicit
 * presence that is not set is left out, any other is there with its default.
 *
 * @see <a href="https://protobuf.dev/programming-guides/json/">ProtoJSON</a>
 */
final class ProtoJson {
  private static final JsonMapper JSON = new JsonMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String WELL_KNOWN = "google.protobuf.";
  private static final String TIMESTAMP = Timestamp.getDescriptor().getFullName();
  private static final JsonFormat.Printer PRINTER = JsonFormat.printer();
  private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

  private ProtoJson() {}

  /**
   * A message as JSON.
   *
   * @param place the JSON Pointer at which it stands
   * @throws ProblemException if it holds what JSON cannot, such as a number that is not finite
   */
  static ObjectNode toJson(Message message, String place) {
    ObjectNode object = NODES.objectNode();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isMapField()) {
        object.set(field.getName(), map(message, field, place + "/" + field.getName()));
      } else if (field.isRepeated()) {
        ArrayNode array = object.putArray(field.getName());
        ((List<?>) message.getField(field))
            .forEach(v -> array.add(value(field, v, place + "/" + field.getName())));
      } else if (!field.hasPresence() || message.hasField(field)) {
        object.set(
            field.getName(), value(field, message.getField(field), place + "/" + field.getName()));
      }
    }
    return object;
  }

  private static ObjectNode map(Message message, FieldDescriptor field, String place) {
    ObjectNode object = NODES.objectNode();
    Descriptor type = field.getMessageType();
    FieldDescriptor key = type.findFieldByNumber(1);
    FieldDescriptor value = type.findFieldByNumber(2);
    for (Object entry : (List<?>) message.getField(field)) {
      Message pair = (Message) entry;
      object.set(String.valueOf(pair.getField(key)), value(value, pair.getField(value), place));
    }
    return object;
  }

  private static JsonNode value(FieldDescriptor field, Object value, String place) {
    return switch (field.getJavaType()) {
      case INT -> NODES.numberNode((Integer) value);
      case LONG -> NODES.numberNode((Long) value);
      case FLOAT -> finite(place, (Float) value);
      case DOUBLE -> finite(place, (Double) value);
      case BOOLEAN -> NODES.booleanNode((Boolean) value);
      case STRING -> NODES.textNode((String) value);
      case BYTE_STRING ->
          NODES.textNode(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
      case ENUM -> NODES.textNode(((EnumValueDescriptor) value).getName());
      case MESSAGE -> message((Message) value, place);
    };
  }

  private static JsonNode finite(String place, double value) {
    if (!Double.isFinite(value)) {
      throw violation(place, "must be a finite number");
    }
    return NODES.numberNode(value);
  }

  private static JsonNode message(Message message, String place) {
    Descriptor type = message.getDescriptorForType();
    if (!type.getFullName().startsWith(WELL_KNOWN)) {
      return toJson(message, place);
    }
    try {
      return type.getFullName().equals(TIMESTAMP)
          ? NODES.textNode(time(message))
          : JSON.readTree(PRINTER.print(message));
    } catch (InvalidProtocolBufferException | JsonProcessingException | RuntimeException e) {
      throw violation(place, "is not a valid " + type.getName());
    }
  }

  /** Times come with every event, and the printer is slow. */
  private static String time(Message timestamp) {
    Descriptor type = timestamp.getDescriptorForType();
    long seconds =
        (Long) timestamp.getField(type.findFieldByNumber(Timestamp.SECONDS_FIELD_NUMBER));
    int nanos = (Integer) timestamp.getField(type.findFieldByNumber(Timestamp.NANOS_FIELD_NUMBER));
    Timestamps.checkValid(Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build());
    return Instant.ofEpochSecond(seconds, nanos).toString();
  }

  private static ProblemException violation(String place, String detail) {
    return new ProblemException(
        new Problem(
            Kind.CONTRACT_VIOLATION,
            "A field holds what it cannot.",
            List.of(new Violation(place, detail))));
  }

  /**
   * The message that a route's answer is; what the message has no field for is left out.
   *
   * @throws InvalidProtocolBufferException if the answer does not suit the message
   */
  static Message fromJson(byte[] json, Descriptor type) throws InvalidProtocolBufferException {
    DynamicMessage.Builder builder = DynamicMessage.newBuilder(type);
    if (json.length > 0) {
      PARSER.merge(new String(json, StandardCharsets.UTF_8), builder);
    }
    return builder.build();
  }
}
