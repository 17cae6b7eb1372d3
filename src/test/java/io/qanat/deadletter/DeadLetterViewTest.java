package io.qanat.deadletter;

import static io.qanat.deadletter.Samples.ID;
import static io.qanat.deadletter.Samples.died;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.kafka.HubHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadLetterViewTest {
  private static final DeadLetter LETTER = DeadLetter.of(ID, List.of(died(10, 0, 1)));

  private static JsonNode shown(Payloads payloads, String... redact) {
    DeadLetterProperties properties = new DeadLetterProperties(List.of(redact), 3, 100);
    return new DeadLetterView(payloads, new Redaction(properties)).whole(LETTER);
  }

  private static Payloads holding(byte @Nullable [] value) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("ce_id", "e-1".getBytes(StandardCharsets.UTF_8));
    headers.add("Token", "t".getBytes(StandardCharsets.UTF_8));
    headers.add(HubHeaders.ERRORS + "code", "X".getBytes(StandardCharsets.UTF_8));
    return death ->
        Optional.of(
            new ConsumerRecord<>(
                death.deadLetter().topic(),
                death.deadLetter().partition(),
                death.deadLetter().offset(),
                1L,
                TimestampType.CREATE_TIME,
                -1,
                -1,
                new byte[0],
                value,
                headers,
                Optional.empty()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void hidesWhatIsToBeHiddenInPayloadAndHeaders() {
    JsonNode shown = shown(holding(utf8("{\"n\":1.10,\"deep\":[{\"PIN\":7}]}")), "pin", "TOKEN");

    assertThat(shown.path("payloadForm").asText()).isEqualTo("json");
    assertThat(shown.path("payload").toString())
        .isEqualTo("{\"n\":1.10,\"deep\":[{\"PIN\":\"***\"}]}");
    assertThat(shown.path("headers").toString()).isEqualTo("{\"ce_id\":\"e-1\",\"Token\":\"***\"}");
  }

  @Test
  void showsWhatIsNoJsonUnlessSomethingIsToBeHidden() {
    byte[] torn = utf8("{\"pin\":7");

    assertThat(shown(holding(torn)).path("payloadForm").asText()).isEqualTo("base64");
    assertThat(shown(holding(torn)).path("payload").asText()).isEqualTo("eyJwaW4iOjc=");
    assertThat(shown(holding(utf8("{\"n\":1e2147483648}"))).path("payloadForm").asText())
        .isEqualTo("base64");
    JsonNode withheld = shown(holding(torn), "pin");
    assertThat(withheld.path("payloadForm").asText()).isEqualTo("withheld");
    assertThat(withheld.has("payload")).isFalse();
    assertThat(withheld.path("payloadBytes").asInt()).isEqualTo(8);
  }

  @Test
  void saysWhyThereIsNoPayload() {
    Payloads away =
        death -> {
          throw new KafkaException("away");
        };

    assertThat(shown(holding(null)).path("payloadForm").asText()).isEqualTo("none");
    assertThat(shown(death -> Optional.empty()).path("payloadForm").asText()).isEqualTo("gone");
    assertThat(shown(away).path("payloadForm").asText()).isEqualTo("unavailable");
    assertThat(shown(away).path("code").asText()).isEqualTo("BAD_10");
    assertThat(shown(away).path("history")).hasSize(1);
  }
}
