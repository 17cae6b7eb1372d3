package io.qanat.accept;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.Objects;
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

  /** The CloudEvents {@code type}, such as {@code contact.upserted}. */
  public void setType(String type) {
    this.type = type;
  }

  /**
   * The jq expression that gives the business key.
   *
   * @throws JsonQueryException if it is no such expression
   */
  public void setKey(String key) throws JsonQueryException {
    this.key = JsonQuery.compile(key, Versions.JQ_1_6);
  }

  /** The CloudEvents {@code source}, such as {@code /contacts}. */
  public void setSource(String source) {
    this.source = source;
  }

  /**
   * Makes the exchange's message a Kafka record.
   *
   * @param data the event's data; a contract lets only objects through
   */
  @Handler
  public void wrap(Exchange exchange, ObjectNode data) throws JsonProcessingException {
    Message message = exchange.getMessage();
    String subject = keyOf(data);
    String named = idempotencyKey(message.getHeader("Idempotency-Key"));
    String id = named == null ? IDS.generate().toString() : named;
    int wait = PreferWait.seconds(message.getHeader("Prefer"));
    String traceparent = message.getHeader("traceparent", String.class);
    String tracestate = message.getHeader("tracestate", String.class);
    message.removeHeaders("*");
    message.setHeader(KafkaConstants.KEY, subject);
    message.setHeader("ce_specversion", "1.0");
    message.setHeader("ce_id", id);
    message.setHeader("ce_type", type);
    message.setHeader("ce_source", sourceOf(exchange));
    message.setHeader("ce_time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    message.setHeader("ce_subject", subject);
    message.setHeader("content-type", "application/json");
    if (traceparent != null && TRACEPARENT.matcher(traceparent).matches()) {
      message.setHeader("traceparent", traceparent);
      if (tracestate != null) {
        message.setHeader("tracestate", tracestate);
      }
    }
    if (named != null) {
      message.setHeader(HubHeaders.IDEMPOTENCY_KEY, named);
    }
    message.setBody(JSON.writeValueAsBytes(data));
    exchange.setProperty(EVENT_ID, id);
    if (wait > 0) {
      exchange.setProperty(PreferWait.SECONDS, wait);
    }
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

  private String keyOf(ObjectNode data) throws JsonQueryException {
    List<JsonNode> found = new ArrayList<>(1);
    Objects.requireNonNull(key).apply(SCOPE, data, found::add);
    return checked(found.isEmpty() ? "" : found.get(0).asText(""));
  }

  private static String checked(String key) {
    if (key.isBlank()) {
      throw new ProblemException(
          Kind.CONTRACT_VIOLATION, "The event has no key: give it a field that identifies it.");
    }
    if (key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
      throw new ProblemException(
          new Problem(
              Kind.CONTRACT_VIOLATION,
              "The field that identifies the event is too long.",
              List.of(new Violation("#", "at most %d bytes".formatted(MAX_KEY_BYTES)))));
    }
    return key;
  }
}
