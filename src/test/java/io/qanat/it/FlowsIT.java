package io.qanat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.it.Http.Answer;
import io.qanat.sandbox.Sandbox;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What operators see of the flows, and how they pause and resume them. */
@HubIT
class FlowsIT {
  private static final String LANE = "/flows/contacts-deliver-salesforce";
  private static final Duration SOON = Duration.ofSeconds(30);

  @LocalServerPort private int port;
  @LocalManagementPort private int managementPort;
  private Http hub;
  private Http management;
  private Http salesforce;
  private Sandbox sandbox;

  @BeforeEach
  void connect() {
    sandbox = HubIT.StartsSandbox.sandbox();
    hub = new Http("http://127.0.0.1:" + port).as("operator", "qanat");
    management = new Http("http://127.0.0.1:" + managementPort);
    salesforce = new Http(sandbox.properties().get("qanat.salesforce.login-url"));
    awaitLane("running", 0);
  }

  @AfterEach
  void leaveEverythingRunning() {
    salesforce.delete("/__sim/faults");
    hub.post(LANE + "/resume");
    awaitLane("running", 0);
  }

  @Test
  void listsEachFlowWithItsLanes() {
    JsonNode contacts = hub.get("/flows").json().at("/flows/0");

    assertThat(contacts.path("flow").asText()).isEqualTo("contacts");
    assertThat(contacts.path("roles").toString()).isEqualTo("[\"accept\",\"deliver\",\"query\"]");
    assertThat(contacts.at("/lanes/0/id").asText()).isEqualTo("contacts-deliver-salesforce");
    assertThat(contacts.at("/lanes/0/sink").asText()).isEqualTo("salesforce");
    assertThat(contacts.at("/lanes/0/state").asText()).isEqualTo("running");
    await()
        .atMost(SOON)
        .until(() -> hub.get("/flows").json().at("/flows/0/lanes/0").has("settledPerSecond"));
  }

  @Test
  void keepsEventsWhileTheLaneIsPausedAndDeliversThemAfterwards() {
    Instant before = Instant.now();

    Answer paused = hub.post(LANE + "/pause");

    assertThat(paused.status()).isEqualTo(200);
    assertThat(paused.json().path("state").asText()).isEqualTo("paused");
    assertThat(paused.json().path("by").asText()).isEqualTo("operator");
    assertThat(Instant.parse(paused.json().path("since").asText()))
        .isBetween(before, Instant.now());
    await().atMost(SOON).untilAsserted(() -> assertThat(members()).isZero());
    String id = post();
    JsonNode waiting = awaitLane("paused", 1);
    assertThat(Instant.parse(waiting.path("oldestWaiting").asText())).isAfter(before);
    assertThat(delivered(id)).isFalse();
    assertThat(control())
        .startsWith(
            "{\"paused\":true,\"by\":\"operator\",\"at\":\""
                + paused.json().path("since").asText());
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(metrics())
                    .contains("qanat_lag", "qanat_paused")
                    .containsPattern("qanat_paused\\{.*flow=\"contacts\",sink=\"salesforce\"} 1")
                    .containsPattern("qanat_lag\\{.*flow=\"contacts\",sink=\"salesforce\"} 1"));
    assertThat(management.get("/actuator/health").json().path("status").asText()).isEqualTo("UP");

    assertThat(hub.post(LANE + "/resume").json().path("state").asText()).isNotEqualTo("paused");

    await().atMost(SOON).until(() -> delivered(id));
    awaitLane("running", 0);
    assertThat(control()).startsWith("{\"paused\":false,\"by\":\"operator\"");
  }

  @Test
  void changesNothingWhenAPausedLaneIsPausedAgain() {
    String since = hub.post(LANE + "/pause").json().path("since").asText();
    long written = controls();

    Answer again = hub.post(LANE + "/pause");

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("since").asText()).isEqualTo(since);
    assertThat(controls()).isEqualTo(written);
    hub.post(LANE + "/resume");
    assertThat(hub.post(LANE + "/resume").status()).isEqualTo(200);
    assertThat(controls()).isEqualTo(written + 1);
  }

  @Test
  void saysThatALaneIsUnknown() {
    for (Answer answer :
        new Answer[] {
          hub.get("/flows/nothing"),
          hub.post("/flows/nothing/pause"),
          hub.post("/flows/contacts/resume")
        }) {
      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.json().path("type").asText()).isEqualTo("urn:qanat:problem:not-found");
      assertThat(answer.json().path("detail").asText()).contains("GET /flows");
    }
  }

  @Test
  void staysReadyAndAliveWhileASinkIsAway() {
    salesforce.send(
        "POST",
        "/__sim/faults",
        BodyPublishers.ofString(
            "{\"path\":\"composite/sobjects\",\"kind\":\"unavailable\",\"times\":100000}"));
    String id = post();
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(metrics())
                    .containsPattern("qanat_held\\{.*flow=\"contacts\",sink=\"salesforce\"} 1"));

    assertThat(management.get("/actuator/health/readiness").status()).isEqualTo(200);
    Answer liveness = management.get("/actuator/health/liveness");
    assertThat(liveness.status()).isEqualTo(200);
    assertThat(liveness.json().at("/components/progress/status").asText()).isEqualTo("UP");
    assertThat(hub.get(LANE).json().path("lag").asLong()).isEqualTo(1);

    salesforce.delete("/__sim/faults");
    await().atMost(SOON).until(() -> delivered(id));
  }

  private JsonNode awaitLane(String state, long lag) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              JsonNode lane = hub.get(LANE).json();
              assertThat(lane.path("state").asText()).isEqualTo(state);
              assertThat(lane.path("lag").asLong(-1)).isEqualTo(lag);
            });
    return hub.get(LANE).json();
  }

  private String post() {
    String id = "f-" + UUID.randomUUID();
    assertThat(
            hub.json(
                    "POST", "/contacts", "{\"externalId\":\"%s\",\"lastName\":\"x\"}".formatted(id))
                .status())
        .isEqualTo(202);
    return id;
  }

  private boolean delivered(String id) {
    return salesforce.get("/__sim/records?object=Contact").response().body().contains(id);
  }

  private String metrics() {
    return management.get("/actuator/prometheus").response().body();
  }

  private long controls() {
    return Topic.read(kafka(), "qanat-control").size();
  }

  /** What the topic says last: that is what an instance finds that starts now. */
  private String control() {
    var records = Topic.read(kafka(), "qanat-control");
    var last = records.get(records.size() - 1);
    assertThat(last.key()).isEqualTo("contacts-deliver-salesforce");
    return last.value();
  }

  private int members() {
    return Topic.members(kafka(), "contacts-deliver-salesforce");
  }

  private String kafka() {
    return sandbox.properties().get("qanat.kafka.bootstrap-servers");
  }
}
