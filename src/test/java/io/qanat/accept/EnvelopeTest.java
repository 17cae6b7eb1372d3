package io.qanat.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.accept.Problem.Violation;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final Exchange exchange = new DefaultExchange(camel);
  private final Envelope envelope = new Envelope();
  private final ObjectNode data = JsonNodeFactory.instance.objectNode().put("externalId", "A");

  @BeforeEach
  void configure() throws Exception {
    envelope.setType("contact.upserted");
    envelope.setSource("/contacts");
    envelope.setKey(".externalId");
  }

  @AfterEach
  void close() throws Exception {
    camel.close();
  }

  private Object wrapped(String header) throws Exception {
    envelope.wrap(exchange, data);
    return exchange.getMessage().getHeader(header);
  }

  @Test
  void givesAnEventWithoutIdempotencyKeyAnIdButNoKey() throws Exception {
    assertThat(wrapped("ce_id")).asString().hasSize(36);
    assertThat(exchange.getMessage().getHeader("ce_idempotencykey")).isNull();
  }

  @Test
  void takesAnIdempotencyKeyOfTwoHundredAndFiftyFiveCharacters() throws Exception {
    String key = "k".repeat(255);
    exchange.getMessage().setHeader("Idempotency-Key", key);

    assertThat(wrapped("ce_id")).isEqualTo(key);
    assertThat(exchange.getMessage().getHeader("ce_idempotencykey")).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\"b", "a\\b", "é", "a\n"})
  void refusesAnIdempotencyKeyThatIsNoPlainText(String key) {
    exchange.getMessage().setHeader("Idempotency-Key", key);

    assertThatThrownBy(() -> wrapped("ce_id")).isInstanceOf(ProblemException.class);
  }

  @Test
  void keepsTheKeysOfCallersApartByTheSource() throws Exception {
    exchange.setProperty("caller", "shop/1 ä");

    assertThat(wrapped("ce_source")).isEqualTo("/contacts/callers/shop%2F1+%C3%A4");
  }

  @Test
  void hasTheFlowAsSourceWhereNobodyNamesTheCaller() throws Exception {
    assertThat(wrapped("ce_source")).isEqualTo("/contacts");
  }

  @Test
  void givesEachOfSeveralEventsItsOwnRecordIdAndKey() throws Exception {
    exchange.getMessage().setHeader("Idempotency-Key", "k");
    exchange.getMessage().setHeader("Prefer", "wait=5");

    envelope.wrap(exchange, array("A", "B"));

    List<?> records = exchange.getMessage().getBody(List.class);
    assertThat(records)
        .extracting(r -> ((Message) r).getHeader(KafkaConstants.KEY))
        .containsExactly("A", "B");
    assertThat(records)
        .extracting(r -> ((Message) r).getHeader("ce_idempotencykey"))
        .containsExactly("k/0", "k/1");
    assertThat(exchange.getProperty("eventIds")).isEqualTo(List.of("k/0", "k/1"));
  }

  @Test
  void tellsWhichOfSeveralEventsHasNoKey() {
    assertThatThrownBy(() -> envelope.wrap(exchange, array("A", "")))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e ->
                assertThat(e.problem().errors())
                    .containsExactly(new Violation("#/1", "has no key")));
  }

  private static ArrayNode array(String... ids) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (String id : ids) {
      array.addObject().put("externalId", id);
    }
    return array;
  }
}
