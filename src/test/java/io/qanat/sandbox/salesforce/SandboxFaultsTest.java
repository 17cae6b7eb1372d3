package io.qanat.sandbox.salesforce;

import static io.qanat.sandbox.salesforce.SandboxClient.contact;
import static io.qanat.sandbox.salesforce.SandboxClient.json;
import static io.qanat.sandbox.salesforce.SandboxClient.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SandboxFaultsTest {
  private SandboxSalesforce sandbox;
  private SandboxClient client;

  @BeforeEach
  void start() {
    sandbox = SandboxSalesforce.start(0);
    client = SandboxClient.loggedIn(sandbox.url());
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  private HttpResponse<String> write(String key) {
    String body = SandboxClient.collection(false, named(key));
    return client.data("PATCH", SandboxClient.UPSERT, body);
  }

  private void fault(String more) {
    client.sim("POST", "/faults", "{\"path\":\"composite/sobjects\"," + more + "}");
  }

  private int stored() {
    return client.sim("GET", "/records", "").size();
  }

  @Test
  void isUnavailableWithHtmlAsOftenAsAskedFromTheNthCall() {
    fault("\"kind\":\"unavailable\",\"fromNth\":2,\"times\":1,\"retryAfter\":7");

    assertThat(write("a").statusCode()).isEqualTo(200);
    HttpResponse<String> down = write("b");
    assertThat(down.statusCode()).isEqualTo(503);
    assertThat(down.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
    assertThat(down.headers().firstValue("Retry-After")).hasValue("7");
    assertThat(write("c").statusCode()).isEqualTo(200);
    assertThat(stored()).isEqualTo(2);
  }

  @Test
  void commitsAndThenDropsTheConnection() {
    fault("\"kind\":\"drop-after-commit\",\"times\":1");

    assertThatThrownBy(() -> write("a")).isInstanceOf(UncheckedIOException.class);
    assertThat(stored()).isEqualTo(1);
    assertThat(json(write("a")).at("/0/created").asBoolean()).isFalse();
  }

  @Test
  void dropsTheConnectionWithoutCommitting() {
    fault("\"kind\":\"drop-before\",\"times\":1");

    assertThatThrownBy(() -> write("a")).isInstanceOf(UncheckedIOException.class);
    assertThat(stored()).isZero();
  }

  @Test
  void answersAnEmpty200ThatStoredNothing() {
    fault("\"kind\":\"empty-200\"");

    assertThat(write("a").statusCode()).isEqualTo(200);
    assertThat(write("a").body()).isEmpty();
    assertThat(stored()).isZero();
  }

  @Test
  void limitsTheRateUntilTheFaultIsCleared() {
    fault("\"kind\":\"rate-limit\",\"retryAfter\":3");

    assertThat(write("a").statusCode()).isEqualTo(429);
    assertThat(write("a").headers().firstValue("Retry-After")).hasValue("3");
    client.sim("DELETE", "/faults", "");
    assertThat(write("a").statusCode()).isEqualTo(200);
  }

  @Test
  void takesAnotherClientSecretFromNowOnAndKeepsSessions() {
    client.sim("POST", "/client-secret", "{\"clientSecret\":\"new\"}");

    String form = "grant_type=client_credentials&client_id=qanat&client_secret=";
    assertThat(client.token(form + "qanat").statusCode()).isEqualTo(400);
    assertThat(client.token(form + "new").statusCode()).isEqualTo(200);
    assertThat(write("a").statusCode()).isEqualTo(200);
  }

  @Test
  void expiresTheTokenUntilTheNextLogin() {
    fault("\"kind\":\"expired-token\",\"times\":1");

    assertThat(write("a").statusCode()).isEqualTo(401);
    assertThat(write("a").statusCode()).isEqualTo(401);
    client.login();
    assertThat(write("a").statusCode()).isEqualTo(200);
    assertThat(client.stats().path("logins").asInt()).isEqualTo(2);
  }

  @Test
  void locksOnlyTheRowsThatTheFaultNames() {
    fault("\"kind\":\"row-lock\",\"keys\":[\"B\"],\"times\":1");

    assertThat(client.upsert(named("a")).at("/0/success").asBoolean()).isTrue();
    JsonNode results = client.upsert(named("a"), named("b"));
    assertThat(results.findValuesAsText("statusCode")).containsExactly("UNABLE_TO_LOCK_ROW");
    assertThat(client.upsert(named("b")).at("/0/created").asBoolean()).isTrue();
  }

  @Test
  void canTakeTheLoginDown() {
    client.sim(
        "POST",
        "/faults",
        "{\"path\":\"oauth2/token\",\"kind\":\"status\",\"status\":400,"
            + "\"errorCode\":\"invalid_client\",\"message\":\"no\"}");

    HttpResponse<String> refused =
        client.token("grant_type=client_credentials&client_id=qanat&client_secret=qanat");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(json(refused).path("error").asText()).isEqualTo("invalid_client");
  }

  @Test
  void refusesAFaultThatItDoesNotKnow() {
    assertThat(client.raw("POST", "/__sim/faults", "{\"kind\":\"nope\"}").statusCode())
        .isEqualTo(400);
    assertThat(client.raw("POST", "/__sim/faults", "{\"kind\":\"delay\",\"x\":1}").statusCode())
        .isEqualTo(400);
  }

  @Test
  void forgetsRecordsAndCountsButKeepsTheSession() {
    write("a");
    client.sim("DELETE", "", "");

    assertThat(stored()).isZero();
    assertThat(client.stats().path("recordsWritten").asInt()).isZero();
    assertThat(client.stats().path("apiUsage").asInt()).isZero();
    assertThat(json(write("a")).at("/0/created").asBoolean()).isTrue();
  }

  @Test
  void refusesCallsOverTheDailyLimit() {
    client.sim("POST", "/limits", "{\"dailyApiRequests\":100,\"used\":99}");

    HttpResponse<String> last = write("a");
    HttpResponse<String> over = write("b");
    assertThat(last.headers().firstValue("Sforce-Limit-Info")).hasValue("api-usage=100/100");
    assertThat(over.statusCode()).isEqualTo(403);
    assertThat(over.body()).contains("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
  }

  @Test
  void letsTheSecondOfTwoConcurrentCreatesFailAndRefusesAThirdCall() {
    client.sim("POST", "/limits", "{\"transactionMs\":400,\"lockWaitMs\":5000,\"concurrent\":2}");
    List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      calls.add(
          CompletableFuture.supplyAsync(() -> write("race"), task -> new Thread(task).start()));
    }

    List<String> bodies = calls.stream().map(call -> call.join().body()).toList();
    assertThat(bodies).filteredOn(b -> b.contains("\"created\":true")).hasSize(1);
    assertThat(bodies).filteredOn(b -> b.contains("duplicates value on record")).hasSize(1);
    assertThat(bodies).filteredOn(b -> b.contains("ConcurrentRequests")).hasSize(1);
    assertThat(stored()).isEqualTo(1);
  }

  @Test
  void failsARowWhoseLockIsHeldTooLong() {
    write("a");
    client.sim("POST", "/limits", "{\"transactionMs\":1000,\"lockWaitMs\":20}");
    CompletableFuture<HttpResponse<String>> holder =
        CompletableFuture.supplyAsync(() -> write("a"), task -> new Thread(task).start());

    Awaitility.await()
        .atMost(Duration.ofSeconds(3))
        .until(() -> client.upsert(contact("a", ",\"Phone\":\"1\"")).toString().contains("UNABLE"));
    assertThat(json(holder.join()).at("/0/success").asBoolean()).isTrue();
  }

  @Test
  void grantsTokensToEachKnownFlowAndRefusesWrongSecrets() {
    String client1 = "&client_id=qanat&client_secret=qanat";
    String password = "grant_type=password&username=qanat%40example.com&password=";

    assertThat(client.token(password + "qanat" + client1).statusCode()).isEqualTo(200);
    assertThat(client.token(password + "wrong" + client1).body()).contains("invalid_grant");
    assertThat(client.token("grant_type=refresh_token&refresh_token=qanat" + client1).statusCode())
        .isEqualTo(200);
    assertThat(client.token("grant_type=client_credentials&client_id=qanat").body())
        .contains("invalid_client");
    assertThat(client.token("grant_type=nope" + client1).body()).contains("unsupported_grant_type");
  }

  @Test
  void acceptsOnlyAssertionsSignedWithTheTrustedKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair trusted = generator.generateKeyPair();
    sandbox.trust(trusted.getPublic());
    long later = Instant.now().plusSeconds(120).getEpochSecond();

    assertThat(bearer(trusted, "\"" + later + "\"").statusCode()).isEqualTo(200);
    assertThat(bearer(trusted, "1").body()).contains("invalid_grant");
    assertThat(bearer(generator.generateKeyPair(), "" + later).body()).contains("invalid_grant");
  }

  private HttpResponse<String> bearer(KeyPair keys, String expiry) throws GeneralSecurityException {
    String claims =
        "{\"iss\":\"qanat\",\"sub\":\"qanat@example.com\",\"aud\":\"%s/\",\"exp\":%s}"
            .formatted(sandbox.url(), expiry);
    String signed = encode("{\"alg\":\"RS256\"}") + "." + encode(claims);
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(keys.getPrivate());
    signature.update(signed.getBytes(StandardCharsets.US_ASCII));
    String assertion =
        signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    return client.token(
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion="
            + assertion.replace("=", "%3D"));
  }

  /** With its padding, as some libraries leave it. */
  private static String encode(String json) {
    return Base64.getUrlEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }
}
