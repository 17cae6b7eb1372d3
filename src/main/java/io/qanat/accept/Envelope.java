package io.qanat.accept;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import io.qanat.accept.Problem.Kind;
import io.qanat.accept.Problem.Violation;
import io.qanat.kafka.HubHeaders;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.support.DefaultMessage;
import org.jspecify.annotations.Nullable;

/**
 * Puts an event into its envelope: CloudEvents 1.0 attributes as Kafka headers (binary mode), the
 * business key as the record key, the data as JSON bytes.
 *
 * @see <a
 *     href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">CloudEvents
 *     Kafka binding</a>
 */
public class Envelope {
  /** The property that holds the event's id once it has one. */
  static final String EVENT_ID = "eventId";

  /** The property that holds the ids of several events that came together, as a list. */
  static final String EVENT_IDS = "eventIds";

  /** The property that tells how many events of a stream came before those of an array. */
  static final String EVENTS_BEFORE = "eventsBefore";

  private static final int MAX_KEY_BYTES = 1_024;
  private static final int MAX_IDEMPOTENCY_KEY = 255;
  private static final Pattern TRACEPARENT =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
  private static final Pattern PRINTABLE =
      Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,%d}".formatted(MAX_IDEMPOTENCY_KEY));
  private static final NoArgGenerator IDS = Generators.timeBasedEpochRandomGenerator();
  private static final JsonMapper JSON = new JsonMapper();

  private static final Scope SCOPE = Scope.newEmptyScope();

  static {
    BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_6, SCOPE);
  }

  private String type = "";
  private String source = "";
  private @Nullable JsonQuery key;
  private @Nullable JsonQuery id;

  /** The CloudEvents {@code type}, such as {@code contact.upserted}. */
  public void setType(String type) {
    this.type = type;
  }

  /**
   * The jq expression that gives the business key; without one the id of an event is its key.
   *
   * @throws JsonQueryException if it is no such expression
   */
  public void setKey(String key) throws JsonQueryException {
    this.key = key.isEmpty() ? null : JsonQuery.compile(key, Versions.JQ_1_6);
  }

  /**
   * The jq expression that gives the id of the event, for one that may be published again; without
   * one it is the caller's Idempotency-Key or a new id.
   *
   * @throws JsonQueryException if it is no such expression
   */
  public void setId(String id) throws JsonQueryException {
    this.id = id.isEmpty() ? null : JsonQuery.compile(id, Versions.JQ_1_6);
  }

  /** The CloudEvents {@code source}, such as {@code /contacts}. */
  public void setSource(String source) {
    this.source = source;
  }

  /**
   * Makes the exchange's message a Kafka record, or a list of them.
   *
   * @param data the event's data, or an array of several events'; a contract lets only objects
   *     through
   */
  @Handler
  public void wrap(Exchange exchange, JsonNode data) throws JsonProcessingException {
    Message message = exchange.getMessage();
    Letterhead head = letterhead(exchange, message);
    int wait = PreferWait.seconds(message.getHeader("Prefer"));
    message.removeHeaders("*");
    if (data instanceof ArrayNode several) {
      List<Message> records = new ArrayList<>(several.size());
      List<String> ids = new ArrayList<>(several.size());
      long before = exchange.getProperty(EVENTS_BEFORE, 0L, Long.class);
      for (int i = 0; i < several.size(); i++) {
        Message each = new DefaultMessage(exchange);
        ids.add(fill(each, several.get(i), "#/" + i, head.of(before + i)));
        records.add(each);
      }
      message.setBody(records);
      exchange.setProperty(EVENT_IDS, ids);
      return;
    }
    exchange.setProperty(EVENT_ID, fill(message, data, "#", head));
    if (wait > 0) {
      exchange.setProperty(PreferWait.SECONDS, wait);
    }
  }

  /** What the events of one request have in common. */
  private record Letterhead(
      String source,
      String time,
      @Nullable String idempotencyKey,
      @Nullable String traceparent,
      @Nullable String tracestate) {

    /** The same for one of several events: each has an Idempotency-Key of its own. */
    Letterhead of(long index) {
      return idempotencyKey == null
          ? this
          : new Letterhead(source, time, idempotencyKey + "/" + index, traceparent, tracestate);
    }
  }

  private Letterhead letterhead(Exchange exchange, Message message) {
    String traceparent = message.getHeader("traceparent", String.class);
    boolean traced = traceparent != null && TRACEPARENT.matcher(traceparent).matches();
    return new Letterhead(
        sourceOf(exchange),
        Instant.now().truncatedTo(ChronoUnit.MILLIS).toString(),
        idempotencyKey(message.getHeader("Idempotency-Key")),
        traced ? traceparent : null,
        traced ? message.getHeader("tracestate", String.class) : null);
  }

  /** Makes the message the record of one event, and tells the event's id. */
  private String fill(Message message, JsonNode data, String place, Letterhead head)
      throws JsonProcessingException {
    String named = head.idempotencyKey();
    String made = named == null ? IDS.generate().toString() : named;
    String eventId = id == null ? made : keyOf(id, data, place);
    String subject = key == null ? eventId : keyOf(key, data, place);
    message.setHeader(KafkaConstants.KEY, subject);
    message.setHeader("ce_specversion", "1.0");
    message.setHeader("ce_id", eventId);
    message.setHeader("ce_type", type);
    message.setHeader("ce_source", head.source());
    message.setHeader("ce_time", head.time());
    message.setHeader("ce_subject", subject);
    message.setHeader("content-type", "application/json");
    if (head.traceparent() != null) {
      message.setHeader("traceparent", head.traceparent());
    }
    if (head.tracestate() != null) {
      message.setHeader("tracestate", head.tracestate());
    }
    if (named != null) {
      message.setHeader(HubHeaders.IDEMPOTENCY_KEY, named);
    }
    message.setBody(JSON.writeValueAsBytes(data));
    return eventId;
  }

  /** Source and id together are the event's identity: so callers' keys are kept apart by it. */
  private String sourceOf(Exchange exchange) {
    String caller = exchange.getProperty(ContractDispatch.CALLER, String.class);
    return caller == null
        ? source
        : source + "/callers/" + URLEncoder.encode(caller, StandardCharsets.UTF_8);
  }

  private static @Nullable String idempotencyKey(@Nullable Object idempotencyKey) {
    if (idempotencyKey == null) {
      return null;
    }
    if (idempotencyKey instanceof String s && PRINTABLE.matcher(s).matches()) {
      return s;
    }
    throw new ProblemException(
        Kind.BAD_REQUEST,
        "Give one Idempotency-Key of at most %d printable ASCII characters, without quotes, backslashes and spaces."
            .formatted(MAX_IDEMPOTENCY_KEY));
  }

  private static String keyOf(JsonQuery key, JsonNode data, String place)
      throws JsonQueryException {
    List<JsonNode> found = new ArrayList<>(1);
    key.apply(SCOPE, data, found::add);
    return checked(found.isEmpty() ? "" : found.get(0).asText(""), place);
  }

  private static String checked(String key, String place) {
    if (key.isBlank()) {
      throw new ProblemException(
          new Problem(
              Kind.CONTRACT_VIOLATION,
              "The event has no key: give it a field that identifies it.",
              List.of(new Violation(place, "has no key"))));
    }
    if (key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
      throw new ProblemException(
          new Problem(
              Kind.CONTRACT_VIOLATION,
              "The field that identifies the event is too long.",
              List.of(new Violation(place, "at most %d bytes".formatted(MAX_KEY_BYTES)))));
    }
    return key;
  }
}
