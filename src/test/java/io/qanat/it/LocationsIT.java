package io.qanat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.it.Http.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalServerPort;

/** People, where they were, and who met whom: over REST. */
@HubIT
class LocationsIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String DAY = "start_date=2026-10-05&end_date=2026-10-05";

  @LocalServerPort private int port;
  private Http hub;
  private Http operator;

  @BeforeEach
  void connect() {
    HubFixture fixture = new HubFixture(port);
    hub = fixture.hub();
    operator = fixture.operator();
  }

  private long person(String firstName) {
    Answer answer =
        hub.json(
            "POST",
            "/api/persons",
            "{\"first_name\":\"%s\",\"last_name\":\"L\",\"company_name\":\"C\"}"
                .formatted(firstName));
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.header("Location")).isEqualTo("/api/persons/" + answer.json().path("id"));
    return answer.json().path("id").asLong();
  }

  private static String location(long person, double longitude, double latitude, String time) {
    return String.format(
        Locale.ROOT,
        "{\"person_id\":%d,\"longitude\":\"%.7f\",\"latitude\":%.7f,\"creation_time\":\"%s\"}",
        person,
        longitude,
        latitude,
        time);
  }

  /** Reports locations in one request and waits until all are settled. */
  private List<String> outcomes(String... locations) {
    Answer answer = hub.json("POST", "/api/locations", "[" + String.join(",", locations) + "]");
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.json().path("accepted").asInt()).isEqualTo(locations.length);
    List<String> states = new ArrayList<>();
    for (JsonNode receipt : answer.json().path("receipts")) {
      states.add(settled(receipt.asText()));
    }
    return states;
  }

  /** The state of an event once it is settled, with its code if it is dead. */
  private String settled(String receipt) {
    await().atMost(SOON).until(() -> !sink(receipt).path("state").asText().equals("waiting"));
    JsonNode sink = sink(receipt);
    return (sink.path("state").asText() + " " + sink.path("code").asText()).strip();
  }

  private JsonNode sink(String receipt) {
    return hub.get("/receipts/" + receipt).json().at("/sinks/0");
  }

  @Test
  void keepsPeopleAndListsThemInPages() {
    String name = "N" + UUID.randomUUID().toString().replace("-", "");
    long ada = person(name);
    long alan = person(name);

    assertThat(hub.get("/api/persons/" + ada).json().path("first_name").asText()).isEqualTo(name);
    assertThat(hub.get("/api/persons").json().findValuesAsText("first_name")).contains(name);
    Answer first = hub.get("/api/persons?limit=1&q=" + name);
    assertThat(first.json().findValuesAsText("id")).containsExactly(Long.toString(ada));
    String next = first.header("Link").replaceAll("<(.*)>; rel=\"next\"", "$1");
    Answer second = hub.get(next);
    assertThat(second.json().findValuesAsText("id")).containsExactly(Long.toString(alan));
    assertThat(second.header("Link")).isEmpty();
    assertThat(hub.get("/api/persons/9007199254740991").status()).isEqualTo(404);
  }

  @Test
  void tellsWhomAPersonMetAndWhen() {
    long ada = person("Ada");
    long near = person("Near");
    long late = person("Late");
    long far = person("Far");
    assertThat(
            outcomes(
                location(ada, 20, 40, "2026-10-05T10:00:00"),
                location(near, 20.00001, 40, "2026-10-05T10:04:00Z"),
                location(near, 20.00003, 40, "2026-10-05T12:03:00+02:00"),
                location(late, 20, 40, "2026-10-05T10:06:00"),
                location(far, 20.0002, 40, "2026-10-05T10:00:00")))
        .containsOnly("delivered");

    JsonNode met = hub.get("/api/persons/%d/connection?%s".formatted(ada, DAY)).json();
    JsonNode any = hub.get("/api/persons/%d/connection?%s&window=any".formatted(ada, DAY)).json();
    JsonNode wide = hub.get("/api/persons/%d/connection?%s&distance=20".formatted(ada, DAY)).json();
    JsonNode pings =
        hub.get("/api/persons/%d/connection?%s&detail=pings".formatted(ada, DAY)).json();

    assertThat(met).hasSize(1);
    JsonNode contact = met.get(0);
    assertThat(contact.at("/person/first_name").asText()).isEqualTo("Near");
    assertThat(contact.at("/location/longitude").textValue()).isEqualTo("20.00001");
    assertThat(contact.at("/location/latitude").textValue()).isEqualTo("40");
    assertThat(contact.at("/location/person_id").asLong()).isEqualTo(near);
    assertThat(contact.path("first_seen").asText()).isEqualTo("2026-10-05T10:03:00Z");
    assertThat(contact.path("last_seen").asText()).isEqualTo("2026-10-05T10:04:00Z");
    assertThat(contact.path("samples").asInt()).isEqualTo(2);
    assertThat(contact.path("min_distance_m").asDouble()).isEqualTo(0.854);
    assertThat(any.findValuesAsText("first_name")).containsExactly("Late", "Near");
    assertThat(wide.findValuesAsText("first_name")).containsExactly("Near", "Far");
    assertThat(pings).hasSize(2);
    JsonNode location = hub.get("/api/locations/" + contact.at("/location/id")).json();
    assertThat(location).isEqualTo(contact.path("location"));
    assertThat(hub.get("/api/persons/%d/track?%s".formatted(near, DAY)).json()).hasSize(2);
  }

  @Test
  void deadLettersWhatNobodyCanHaveSentAndTakesTheRest() {
    long ada = person("Ada");
    String soon =
        Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS).toString();

    assertThat(
            outcomes(
                location(ada, 1, 1, "2026-10-05T10:00:00"),
                location(Long.MAX_VALUE, 1, 1, "2026-10-05T10:00:00"),
                location(ada, 1, 1, "0001-01-01T00:00:00"),
                location(ada, 1, 1, "9999-12-31T23:59:59"),
                location(ada, 1, 1, soon),
                location(ada, 1, 1, "2026-02-31T00:00:00"),
                location(ada, 1, 2, "2026-10-05T10:00:00")))
        .containsExactly(
            "delivered",
            "dead-lettered PERSON_UNKNOWN",
            "dead-lettered TIME_OUT_OF_RANGE",
            "dead-lettered TIME_OUT_OF_RANGE",
            "dead-lettered TIME_OUT_OF_RANGE",
            "dead-lettered INVALID_VALUE",
            "delivered");
  }

  @Test
  void keepsALocationOnceHoweverOftenItComes() {
    long ada = person("Ada");
    String same = location(ada, 3, 3, "2026-10-05T10:00:00");

    assertThat(outcomes(same, same, same)).containsOnly("delivered");
    assertThat(outcomes(same)).containsOnly("delivered");

    assertThat(hub.get("/api/persons/%d/track?%s".formatted(ada, DAY)).json()).hasSize(1);
  }

  @Test
  void erasesAPersonForGood() {
    long ada = person("Ada");
    long spy = person("Spy");
    String there = location(spy, 5, 5, "2026-10-05T10:00:00");
    assertThat(outcomes(location(ada, 5, 5, "2026-10-05T10:00:00"), there))
        .containsOnly("delivered");
    String connections = "/api/persons/%d/connection?%s".formatted(ada, DAY);
    assertThat(hub.get(connections).json()).hasSize(1);

    assertThat(hub.delete("/api/persons/" + spy).status()).isEqualTo(204);

    assertThat(hub.get(connections).json()).isEmpty();
    assertThat(hub.get("/api/persons/" + spy).status()).isEqualTo(404);
    assertThat(hub.delete("/api/persons/" + spy).status()).isEqualTo(404);
    assertThat(outcomes(there)).as("a replay is passed over").containsOnly("delivered");
    assertThat(hub.get(connections).json()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "distance=-1, distance",
    "distance=1e9, distance",
    "distance=NaN, distance",
    "window=P-1D, window",
    "window=P, window",
    "window=PT, window",
    "window=5, window",
    "detail=all, detail",
  })
  void refusesAQuestionThatMakesNoSense(String parameter, String name) {
    Answer answer = hub.get("/api/persons/1/connection?%s&%s".formatted(DAY, parameter));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo(name);
  }

  @Test
  void saysInWordsWhatAPatternMeans() {
    Answer answer = hub.get("/api/persons/1/connection?%s&window=P-1D".formatted(DAY));

    assertThat(answer.json().at("/errors/0/detail").asText())
        .isEqualTo("must be an ISO 8601 duration such as PT5M or P1D, or any");
  }

  @ParameterizedTest
  @CsvSource({
    "start_date=2026-02-31&end_date=2026-10-05, start_date",
    "start_date=2026-10-06&end_date=2026-10-05, end_date",
    "start_date=yesterday&end_date=2026-10-05, start_date",
    "end_date=2026-10-05, start_date",
  })
  void refusesARangeThatIsNone(String range, String name) {
    Answer answer = hub.get("/api/persons/1/connection?" + range);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo(name);
  }

  @ParameterizedTest
  @CsvSource({
    "91, 0, latitude",
    "0, 181, longitude",
    "'\"91\"', 0, latitude",
    "'\"1e1\"', 0, latitude",
    "1e400, 0, latitude",
    "'\"NaN\"', 0, latitude",
    "true, 0, latitude",
    "null, 0, latitude",
  })
  void refusesAPlaceThatIsNotOnEarth(String latitude, String longitude, String name) {
    Answer answer =
        hub.json(
            "POST",
            "/api/locations",
            "[{\"person_id\":1,\"latitude\":0,\"longitude\":0},{\"person_id\":1,\"latitude\":%s,\"longitude\":%s}]"
                .formatted(latitude, longitude));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo("#/1/" + name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-13-05T10:00:00Z",
        "2026-12-32T10:00:00Z",
        "2026-12-05T25:00:00Z",
        "2026-12-05T10:00:00+19:00",
      })
  void refusesATimeThatCannotBe(String time) {
    Answer answer =
        hub.json(
            "POST",
            "/api/locations",
            "[{\"person_id\":1,\"latitude\":0,\"longitude\":0,\"creation_time\":\"%s\"}]"
                .formatted(time));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().at("/errors/0/pointer").asText()).isEqualTo("#/0/creation_time");
  }

  @Test
  void tellsThatItIsHealthy() {
    assertThat(hub.get("/health").json().textValue()).isEqualTo("healthy");
    assertThat(operator.get("/flows").json().path("flows").findValuesAsText("flow"))
        .contains("locations");
  }
}
