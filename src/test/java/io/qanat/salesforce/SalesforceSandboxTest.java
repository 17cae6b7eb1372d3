package io.qanat.salesforce;

import static io.qanat.salesforce.Batch.assertThat;
import static io.qanat.salesforce.Batch.contact;
import static io.qanat.salesforce.Batch.contacts;
import static io.qanat.salesforce.Batch.delete;
import static io.qanat.salesforce.Batch.events;
import static io.qanat.salesforce.Batch.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.qanat.deliver.BatchOutcome;
import io.qanat.deliver.Deadline;
import io.qanat.deliver.Event;
import io.qanat.sandbox.salesforce.SandboxSalesforce;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.camel.component.salesforce.AuthenticationType;
import org.apache.camel.component.salesforce.SalesforceComponent;
import org.apache.camel.component.salesforce.SalesforceEndpointConfig;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sink through camel-salesforce, against the stand-in. */
class SalesforceSandboxTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir private Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private String componentRetries = "0";
  private SandboxSalesforce sandbox;

  @BeforeEach
  void startSandbox() {
    sandbox = SandboxSalesforce.start(0);
    open.add(sandbox);
  }

  @AfterEach
  void closeAll() throws Exception {
    // The context logs out when it stops, so it goes first.
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @Test
  void logsInWithClientCredentialsAndWritesRows() throws Exception {
    SalesforceSink sink = sink("qanat", 5_000);
    List<Event> events = contacts(250);

    assertThat(sink.write(events, Deadline.NEVER)).deliveredAllOf(events);
    assertThat(records()).hasSize(250);
    assertThat(stats().path("logins").asInt()).isEqualTo(1);
    assertThat(stats().at("/callsByRoute/PATCH composite~1sobjects").asInt()).isEqualTo(2);
  }

  @Test
  void deadLettersOnlyTheContactThatSalesforceRefuses() throws Exception {
    BatchOutcome outcome =
        sink("qanat", 5_000)
            .write(
                events(contact("A"), upsert("B", "{'externalId':'B','email':'b'}"), contact("C")),
                Deadline.NEVER);

    assertThat(outcome).delivered(0, 2).heldNothing();
    assertThat(outcome.rejected()).hasSize(1);
    assertThat(outcome.rejected().get(0).failure().fields()).isNotEmpty();
  }

  @Test
  void logsInAgainOnceWhenTheTokenExpiresAndSendsTheWholeBody() throws Exception {
    SalesforceSink sink = sink("qanat", 5_000);
    assertThat(sink.write(events(contact("first")), Deadline.NEVER)).delivered(0);
    sim("POST", "expire-tokens", "");
    List<Event> events = contacts(200);

    assertThat(sink.write(events, Deadline.NEVER)).deliveredAllOf(events);
    assertThat(records()).hasSize(201);
    assertThat(stats().path("logins").asInt()).isEqualTo(2);
  }

  @Test
  void logsInOnceForTwentyFlowsWhoseTokenExpired() throws Exception {
    SalesforceSink sink = sink("qanat", 10_000);
    sink.write(events(contact("first")), Deadline.NEVER);
    sim("POST", "expire-tokens", "");
    // Five hear of the dead token only after the others have replaced it.
    fault("{'path':'composite','kind':'delay','delayMs':700,'times':5}");
    CountDownLatch go = new CountDownLatch(1);
    ExecutorService flows = Executors.newFixedThreadPool(20);
    open.add(flows::shutdownNow);
    List<Future<BatchOutcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      List<Event> batch = events(contact("P" + i));
      outcomes.add(
          flows.submit(
              () -> {
                go.await();
                return sink.write(batch, Deadline.NEVER);
              }));
    }
    go.countDown();

    for (Future<BatchOutcome> outcome : outcomes) {
      assertThat(outcome.get()).delivered(0);
    }
    assertThat(stats().path("logins").asInt()).isEqualTo(2);
  }

  @Test
  void holdsWhatWasCommittedBeforeTheConnectionBrokeAndDeliversItOnce() throws Exception {
    SalesforceSink sink = sink("qanat", 5_000);
    fault("{'path':'composite','kind':'drop-after-commit','times':1}");
    List<Event> events = contacts(3);

    assertThat(sink.write(events, Deadline.NEVER)).heldAll(3, "SALESFORCE_OUTCOME_UNKNOWN");
    assertThat(sink.write(events, Deadline.NEVER)).deliveredAllOf(events);
    assertThat(records()).hasSize(3);
  }

  @Test
  void holdsOnAnEmptyAnswer() throws Exception {
    holdsOnce("{'path':'composite','kind':'empty-200','times':1}", "SALESFORCE_OUTCOME_UNKNOWN");
  }

  @Test
  void holdsOnMaintenancePages() throws Exception {
    holdsOnce("{'path':'composite','kind':'unavailable','times':1}", "SALESFORCE_UNAVAILABLE");
  }

  @Test
  void holdsOnTooManyRequests() throws Exception {
    holdsOnce("{'path':'composite','kind':'rate-limit','times':1}", "REQUEST_LIMIT_EXCEEDED");
  }

  @Test
  void holdsOnTheDailyLimit() throws Exception {
    holdsOnce("{'path':'composite','kind':'limit','times':1}", "REQUEST_LIMIT_EXCEEDED");
  }

  @Test
  void holdsWhatTookTooLongAndDeliversItOnce() throws Exception {
    SalesforceSink sink = sink("qanat", 1_000);
    assertThat(sink.write(events(contact("first")), Deadline.NEVER)).delivered(0);
    fault("{'path':'composite','kind':'delay','delayMs':3000,'times':1}");
    List<Event> events = contacts(2);

    assertThat(sink.write(events, Deadline.NEVER)).heldAll(2, "SALESFORCE_OUTCOME_UNKNOWN");
    assertThat(sink.write(events, Deadline.NEVER)).deliveredAllOf(events);
    assertThat(records()).hasSize(3);
  }

  @Test
  void waitsForAnAnswerThatTakesTwelveSeconds() throws Exception {
    SalesforceSink sink = sink("qanat", 125_000);
    fault("{'path':'composite','kind':'delay','delayMs':12000,'times':1}");

    assertThat(sink.write(events(contact("A")), Deadline.NEVER)).delivered(0);
    assertThat(stats().at("/callsByRoute/PATCH composite~1sobjects").asInt()).isEqualTo(1);
  }

  @Test
  void holdsWhileTheLoginIsAwayAndRecoversByItself() throws Exception {
    SalesforceSink sink = sink("qanat", 5_000);
    fault("{'path':'oauth2/token','kind':'unavailable','times':2}");
    List<Event> events = contacts(2);

    assertThat(sink.write(events, Deadline.NEVER)).heldAll(2, "SALESFORCE_LOGIN_FAILED");
    assertThat(sink.write(events, Deadline.NEVER)).heldAll(2, "SALESFORCE_LOGIN_FAILED");
    assertThat(sink.write(events, Deadline.NEVER)).deliveredAllOf(events);
  }

  @Test
  void holdsWhileTheLoginIsAwayInMidFlightAndRecoversByItself() throws Exception {
    SalesforceSink sink = sink("qanat", 5_000);
    sink.write(events(contact("first")), Deadline.NEVER);
    sim("POST", "expire-tokens", "");
    fault("{'path':'oauth2/token','kind':'unavailable','times':1}");
    List<Event> events = contacts(2);

    assertThat(sink.write(events, Deadline.NEVER)).heldAll(2, "SALESFORCE_LOGIN_FAILED");
    assertThat(sink.write(events, Deadline.NEVER)).deliveredAllOf(events);
  }

  @Test
  void holdsOnAWrongSecretAndDoesNotPrintIt() throws Exception {
    BatchOutcome outcome =
        sink("not-the-secret", 5_000).write(events(contact("A")), Deadline.NEVER);

    assertThat(outcome).heldAll(1, "SALESFORCE_LOGIN_FAILED");
    assertThat(outcome.held().get(0).failure().message()).doesNotContain("not-the-secret");
  }

  @Test
  void holdsWhileSalesforceIsNotThere() throws Exception {
    SalesforceSink sink = sink("qanat", 5_000);
    sink.write(events(contact("first")), Deadline.NEVER);
    int port = sandbox.port();
    sandbox.close();
    List<Event> events = contacts(2);
    assertThat(sink.write(events, Deadline.NEVER)).heldAll(2, "SALESFORCE_OUTCOME_UNKNOWN");

    sandbox = SandboxSalesforce.start(port);
    open.set(0, sandbox);

    assertThat(sink.write(events, Deadline.NEVER)).deliveredAllOf(events);
  }

  @Test
  void deletesByTheIdsThatUpsertsReturned() throws Exception {
    SalesforceSink sink = sink("qanat", 5_000);
    sink.write(contacts(3), Deadline.NEVER);

    assertThat(sink.write(events(delete("K0"), delete("K2")), Deadline.NEVER)).delivered(0, 1);
    assertThat(records()).hasSize(1);
  }

  @Test
  void keepsTheReserveOfDailyCallsAndShowsTheUsage() throws Exception {
    SalesforceSink sink = sink("qanat", 5_000);
    sim("POST", "limits", "{\"dailyApiRequests\":100,\"used\":96}");

    assertThat(sink.write(events(contact("A")), Deadline.NEVER)).delivered(0);
    assertThat(sink.write(events(contact("B")), Deadline.NEVER))
        .heldAll(1, "SALESFORCE_API_BUDGET");
    assertThat(meters.get("qanat.salesforce.api.usage").gauge().value()).isBetween(0.95, 1.0);
  }

  @Test
  void refusesToStartWhenTheComponentWouldLogInByItself() throws Exception {
    componentRetries = "3";

    assertThatThrownBy(sink("qanat", 5_000)::start)
        .hasMessageContaining("camel.component.salesforce.http-client-properties[maxRetries]=0");
  }

  @Test
  void refusesAMappingWhoseFirstKeyIsNotTheExternalIdField() throws Exception {
    SalesforceSink sink = sink("qanat", 5_000);
    sink.setExternalIdField("Other__c");

    assertThatThrownBy(sink::start)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must begin with the field that is mapped to Other__c");
  }

  private void holdsOnce(String fault, String code) throws Exception {
    SalesforceSink sink = sink("qanat", 5_000);
    fault(fault);
    List<Event> events = contacts(3);

    assertThat(sink.write(events, Deadline.NEVER)).heldAll(3, code);
    assertThat(sink.write(events, Deadline.NEVER)).deliveredAllOf(events);
    assertThat(records()).hasSize(3);
  }

  private SalesforceSink sink(String secret, long timeout) throws IOException {
    DefaultCamelContext context = new DefaultCamelContext();
    SalesforceComponent component = new SalesforceComponent();
    component.setLoginUrl(sandbox.url().toString());
    component.setAuthenticationType(AuthenticationType.CLIENT_CREDENTIALS);
    component.setClientId("qanat");
    component.setClientSecret(secret);
    component.setLazyLogin(true);
    component.setHttpClientIdleTimeout(timeout);
    component.setHttpRequestTimeout(timeout);
    component.setHttpClientProperties(new HashMap<>(Map.of("maxRetries", componentRetries)));
    SalesforceEndpointConfig config = new SalesforceEndpointConfig();
    config.setApiVersion("62.0");
    component.setConfig(config);
    context.addComponent("salesforce", component);
    context.getRegistry().bind("meters", meters);
    context.start();
    open.add(context);
    Path mapping = folder.resolve("contacts-salesforce.mapping.yaml");
    Files.writeString(mapping, SalesforceSinkTest.MAPPING);
    SalesforceSink sink = new SalesforceSink();
    sink.setCamelContext(context);
    sink.setObject("Contact");
    sink.setExternalIdField("ExternalId__c");
    sink.setMapping("file:" + mapping);
    return sink;
  }

  private void fault(String json) throws Exception {
    sim("POST", "faults", json.replace('\'', '"'));
  }

  private JsonNode stats() throws Exception {
    return sim("GET", "stats", "");
  }

  private JsonNode records() throws Exception {
    return sim("GET", "records", "");
  }

  private JsonNode sim(String method, String path, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(sandbox.url() + "/__sim/" + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    var answer = HTTP.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    return SalesforceErrors.JSON.readTree(answer.body());
  }
}
