package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.qanat.sandbox.GrpcCaller;
import io.qanat.trials.Entry.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A caller tries to steer the hub's components with headers and query parameters.
 *
 * <p>Protections, one behind the other: the allow-list at the edge ({@code headerAllowList}), the
 * guard, the envelope that begins with no headers, and the allow-list towards Kafka ({@code
 * recordHeaders}). The trial fails when the allow-lists, the guard and the envelope's clearing are
 * all taken out.
 */
@ExtendWith(World.Shared.class)
class HeaderInjectionTrial {
  private static final Map<String, String> ATTACKS =
      Map.ofEntries(
          Map.entry("kafka.OVERRIDE_TOPIC", "stolen"),
          Map.entry("kafka.KEY", "stolen"),
          Map.entry("kafka.PARTITION_KEY", "3"),
          Map.entry("kafka.OVERRIDE_TIMESTAMP", "1"),
          Map.entry("CamelMongoDbOperation", "remove"),
          Map.entry("CamelSqlQuery", "drop"),
          Map.entry("CamelBeanMethodName", "toString"),
          Map.entry("CamelHttpResponseCode", "299"),
          Map.entry("sObjectName", "Account"),
          Map.entry("rawPath", "/services/data/v62.0/sobjects/Account"),
          Map.entry("ce_id", "stolen"),
          Map.entry("ce_type", "contact.deleted"),
          Map.entry("Cookie", "session=secret"));
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> ENVELOPE =
      List.of(
          "ce_specversion",
          "ce_id",
          "ce_type",
          "ce_source",
          "ce_time",
          "ce_subject",
          "content-type");

  @Test
  @DisplayName("T12 headers and query parameters that steer components")
  void givesCallersNoHoldOnTheComponents(World world) throws Exception {
    Instant start = Instant.now();
    try (Ledger ledger = new Ledger(world, Contacts.FLOW, "inject")) {
      int n = 0;
      for (Map.Entry<String, String> attack : ATTACKS.entrySet()) {
        String name = attack.getKey();
        for (String spelling :
            List.of(name, name.toLowerCase(Locale.ROOT), name.toUpperCase(Locale.ROOT))) {
          Change header = ledger.next(ledger.key(Integer.toString(n++)));
          Entry asHeader =
              ledger.send(
                  header, ledger.request("", body(header)).header(spelling, attack.getValue()));
          assertThat(asHeader.status()).as("header " + spelling).isEqualTo(202);
          Change query = ledger.next(ledger.key(Integer.toString(n++)));
          Entry asQuery =
              ledger.send(
                  query,
                  ledger.request("?%s=%s".formatted(spelling, attack.getValue()), body(query)));
          assertThat(asQuery.status()).as("query " + spelling).isIn(202, 400);
        }
      }

      assertNoHold(world, ledger, start);
      assertThat(world.salesforce().count("Account")).isZero();
    }
  }

  @Test
  @DisplayName("T12 gRPC metadata that steers components")
  void givesCallersOfGrpcNoHoldOnTheComponents(World world) throws Exception {
    Instant start = Instant.now();
    try (Ledger ledger = new Ledger(world, Locations.FLOW, "inject-grpc")) {
      for (Map.Entry<String, String> attack : ATTACKS.entrySet()) {
        // HTTP/2 knows names in lower case only.
        Map<String, String> metadata =
            Map.of(attack.getKey().toLowerCase(Locale.ROOT), attack.getValue());
        try (GrpcCaller caller = new GrpcCaller(world.hub().grpcPort(), metadata)) {
          Change change = ledger.next(ledger.key(attack.getKey()));
          String answer =
              caller.call(
                  "qanat.locations.v1.LocationService/Report",
                  Locations.FLOW.body(change, Seed.random("inject-grpc")));
          ledger.note(
              change, Outcome.OK, "/receipts/" + JSON.readTree(answer).path("receipt").asText());
        }
      }

      assertNoHold(world, ledger, start);
    }
  }

  /** Nothing of what was sent along became a topic, a key, a time or a header of a record. */
  private static void assertNoHold(World world, Ledger ledger, Instant start) throws Exception {
    TrialFlow flow = ledger.flow();
    Balance balance = Balance.settled(world, ledger);
    assertThat(balance.dead()).isEmpty();
    assertThat(world.kafka().topics())
        .allMatch(t -> t.startsWith("__") || t.startsWith("qanat") || t.startsWith("dlq."));
    var records =
        world.kafka().read(flow.topic()).stream()
            .filter(
                r ->
                    r.timestamp() < 1_000_000
                        || KafkaView.key(r).equals("stolen")
                        || ledger.owns(r))
            .toList();
    assertThat(records).hasSize(balance.delivered().size());
    assertThat(records)
        .allSatisfy(
            r -> {
              assertThat(KafkaView.headerNames(r)).containsExactlyInAnyOrderElementsOf(ENVELOPE);
              assertThat(KafkaView.header(r, "ce_id")).isNotEqualTo("stolen");
              assertThat(KafkaView.header(r, "ce_type")).isEqualTo(flow.eventType());
              assertThat(KafkaView.header(r, "ce_subject")).isEqualTo(KafkaView.key(r));
              assertThat(Instant.ofEpochMilli(r.timestamp())).isAfter(start.minusSeconds(1));
            });
  }

  private static String body(Change change) {
    return Contacts.body(change, "\"lastName\":\"Lovelace\"");
  }
}
