package io.qanat.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.kafka.HubHeaders;
import io.qanat.kafka.Position;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Dead letters as callers see them. */
@Component
class DeadLetterView {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterView.class);
  private static final String FORM = "payloadForm";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final Payloads payloads;
  private final Redaction redaction;

  DeadLetterView(Payloads payloads, Redaction redaction) {
    this.payloads = payloads;
    this.redaction = redaction;
  }

  /** A dead letter in a list. */
  static ObjectNode line(DeadLetter letter) {
    Death last = letter.lastDeath();
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", letter.id().toString())
            .put("state", letter.state().name().toLowerCase(Locale.ROOT))
            .put("flow", letter.id().flow())
            .put("sink", letter.id().sink())
            .put("key", last.event().key())
            .put("eventId", last.event().id())
            .put("type", last.event().type())
            .put("code", last.reason().code())
            .put("class", last.reason().failureClass())
            .put("message", last.reason().message());
    last.reason().fields().forEach(json.putArray("fields")::add);
    json.put("attempts", last.reason().attempts())
        .put("redrives", letter.redrives())
        .put("firstDiedAt", letter.firstDeath().at().toString())
        .put("diedAt", last.at().toString());
    if (letter.note() != null) {
      json.put("note", letter.note());
    }
    ObjectNode links =
        json.putObject("links")
            .put("self", "/dead-letters/" + letter.id())
            .put("receipt", "/receipts/" + letter.id().original().receipt());
    @Nullable Position redrivenTo = letter.redrivenTo();
    if (redrivenTo != null) {
      links.put("redrivenTo", "/receipts/" + redrivenTo.receipt());
    }
    return json;
  }

  /** A dead letter with everything that is known of it. */
  ObjectNode whole(DeadLetter letter) {
    ObjectNode json = line(letter);
    try {
      Optional<ConsumerRecord<byte[], byte[]>> record = payloads.read(letter.lastDeath());
      if (record.isPresent()) {
        payload(record.get().value(), json);
        headers(record.get(), json);
      } else {
        json.put(FORM, "gone");
      }
    } catch (KafkaException e) {
      LOG.warn("The payload of {} cannot be read: {}", letter.id(), e.getMessage());
      json.put(FORM, "unavailable");
    }
    var history = json.putArray("history");
    letter.history().forEach(h -> history.add(h.toJson()));
    return json;
  }

  private void payload(byte @Nullable [] value, ObjectNode json) {
    if (value == null) {
      json.put(FORM, "none");
      return;
    }
    try {
      JsonNode payload = JSON.readTree(value);
      if (!payload.isMissingNode()) {
        redaction.hide(payload);
        json.put(FORM, "json").set("payload", payload);
        return;
      }
    } catch (JsonProcessingException | NumberFormatException e) {
      LOG.trace("A payload is not JSON");
    } catch (IOException e) {
      LOG.trace("A payload is not text");
    }
    if (redaction.hidesAnything()) {
      // What is hidden cannot be found in it.
      json.put(FORM, "withheld").put("payloadBytes", value.length);
    } else {
      json.put(FORM, "base64").put("payload", Base64.getEncoder().encodeToString(value));
    }
  }

  private void headers(ConsumerRecord<byte[], byte[]> record, ObjectNode json) {
    ObjectNode headers = json.putObject("headers");
    for (Header header : record.headers()) {
      if (!header.key().startsWith(HubHeaders.ERRORS)) {
        String text =
            header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
        headers.put(
            header.key(), redaction.hides(header.key()) ? Redaction.MARK.textValue() : text);
      }
    }
  }
}
