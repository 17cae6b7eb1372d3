package io.qanat.sandbox.salesforce;

import static io.qanat.sandbox.salesforce.SandboxClient.collection;
import static io.qanat.sandbox.salesforce.SandboxClient.contact;
import static io.qanat.sandbox.salesforce.SandboxClient.json;
import static io.qanat.sandbox.salesforce.SandboxClient.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SandboxSalesforceTest {
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

  @Test
  void saysThatThePortIsTaken() {
    assertThatThrownBy(() -> SandboxSalesforce.start(sandbox.port()))
        .hasMessageContaining(String.valueOf(sandbox.port()))
        .hasCauseInstanceOf(BindException.class);
  }

  @Test
  void listensOnLoopbackUnlessTold() {
    try (ServerSocket other = new ServerSocket()) {
      // Another loopback address is free only while the stand-in does not listen on all.
      other.bind(new InetSocketAddress("127.0.0.2", sandbox.port()));
      assertThat(other.isBound()).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void tellsTheUrlWhereOthersFindIt() {
    URI others = URI.create("http://salesforce:8089");
    try (SandboxSalesforce open =
        SandboxSalesforce.start(new InetSocketAddress("0.0.0.0", 0), others, Clock.systemUTC())) {
      SandboxClient caller = SandboxClient.loggedIn(URI.create("http://127.0.0.1:" + open.port()));

      assertThat(open.url()).isEqualTo(others);
      assertThat(caller.upsert(named("Key-1"))).hasSize(1);
    }
  }

  @Test
  void createsThenUpdatesTheSameRecordWhateverTheCaseOfItsKey() {
    JsonNode created = client.upsert(named("Key-1"), named("Key-2"));
    JsonNode updated = client.upsert(contact("KEY-1", ",\"Phone\":\"1\""));

    assertThat(created.findValuesAsText("created")).containsExactly("true", "true");
    assertThat(updated.path(0).path("created").asBoolean()).isFalse();
    assertThat(updated.path(0).path("id")).isEqualTo(created.path(0).path("id"));
    assertThat(client.sim("GET", "/records?object=Contact", "")).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                            | REQUIRED_FIELD_MISSING",
        "{'LastName':'  '}                             | REQUIRED_FIELD_MISSING",
        "{'LastName':'A','Email':'no at'}              | INVALID_EMAIL_ADDRESS",
        "{'LastName':'A','AccountId':'x'}              | MALFORMED_ID",
        "{'LastName':'A','AccountId':'001000000000001AAA'} | INVALID_CROSS_REFERENCE_KEY",
        "{'LastName':'A','AccountId':'001000000000001BBB'} | MALFORMED_ID",
        "{'LastName':'A','CreatedDate':'2026-01-01'}   | INVALID_FIELD_FOR_INSERT_UPDATE",
      })
  void refusesOnlyTheBadRecord(String fields, String code) {
    String more = fields.replace('\'', '"').replaceFirst("^\\{", ",").replaceFirst("}$", "");
    JsonNode results =
        client.upsert(named("a"), contact("b", more.equals(",") ? "" : more), named("c"));

    assertThat(results.findValuesAsText("success")).containsExactly("true", "false", "true");
    assertThat(results.path(1).path("errors").path(0).path("statusCode").asText()).isEqualTo(code);
    assertThat(results.path(1).has("id")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "FirstName,40",
    "LastName,80",
    "Phone,40",
    "Title,128",
    "MailingStreet,255",
    "MailingCity,40",
    "MailingState,80",
    "MailingPostalCode,20",
    "MailingCountry,80"
  })
  void refusesTextThatIsLongerThanItsField(String field, int length) {
    String name = field.equals("LastName") ? "" : ",\"LastName\":\"A\"";
    String more = name + ",\"" + field + "\":\"" + "x".repeat(length);

    JsonNode results = client.upsert(contact("a", more + "\""), contact("b", more + "x\""));

    assertThat(results.findValuesAsText("success")).containsExactly("true", "false");
    assertThat(results.at("/1/errors/0/statusCode").asText()).isEqualTo("STRING_TOO_LONG");
    assertThat(results.at("/1/errors/0/fields/0").asText()).isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'records':[{'attributes':{'type':'Contact'},'Nope':1}]}      | INVALID_FIELD",
        "{'records':[{'attributes':{'type':'Account'},'Name':'A'}]}    | INVALID_TYPE",
        "{'records':[{'ExternalId__c':'a'}]}                           | INVALID_TYPE",
        "{'records':[{'attributes':{'type':'Contact'},'LastName':5}]}  | JSON_PARSER_ERROR",
        "{'records':[                                                  | JSON_PARSER_ERROR",
        "[]                                                            | JSON_PARSER_ERROR",
      })
  void refusesTheWholeRequestAndWritesNothing(String body, String code) {
    HttpResponse<String> response =
        client.data("PATCH", SandboxClient.UPSERT, body.replace('\'', '"'));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json(response).at("/0/errorCode").asText()).isEqualTo(code);
    assertThat(client.stats().path("recordsWritten").asInt()).isZero();
  }

  @Test
  void refusesMoreThanTwoHundredRecords() {
    String[] records = IntStream.range(0, 201).mapToObj(i -> named("k" + i)).toArray(String[]::new);

    HttpResponse<String> response =
        client.data("PATCH", SandboxClient.UPSERT, collection(false, records));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("EXCEEDED_ID_LIMIT");
  }

  @Test
  void failsEveryRecordOfARepeatedKey() {
    JsonNode results = client.upsert(named("twice"), named("once"), named("TWICE"));

    assertThat(results.findValuesAsText("success")).containsExactly("false", "true", "false");
    assertThat(results.findValuesAsText("statusCode"))
        .containsExactly("DUPLICATE_VALUE", "DUPLICATE_VALUE");
  }

  @Test
  void rollsAllBackWhenOneFailsAndAllOrNoneIsAsked() {
    client.upsert(contact("old", ",\"LastName\":\"Before\""));
    JsonNode results =
        json(
            client.data(
                "PATCH",
                SandboxClient.UPSERT,
                collection(
                    true,
                    contact("old", ",\"LastName\":\"After\""),
                    named("new"),
                    contact("bad", ""))));

    assertThat(results.findValuesAsText("statusCode"))
        .containsExactly(
            "ALL_OR_NONE_OPERATION_ROLLED_BACK",
            "ALL_OR_NONE_OPERATION_ROLLED_BACK",
            "REQUIRED_FIELD_MISSING");
    assertThat(client.sim("GET", "/records", "").findValuesAsText("LastName"))
        .containsExactly("Before");
    assertThat(client.stats().path("recordsWritten").asInt()).isEqualTo(1);
  }

  @Test
  void clearsAFieldThatIsSentAsNullAndKeepsOneThatIsNotSent() {
    client.upsert(contact("a", ",\"LastName\":\"A\",\"Phone\":\"1\",\"Title\":\"T\""));
    client.upsert(contact("a", ",\"Phone\":null"));

    JsonNode row = client.sim("GET", "/records", "").path(0);
    assertThat(row.path("Phone").isNull()).isTrue();
    assertThat(row.path("Title").asText()).isEqualTo("T");
  }

  @Test
  void saysThatSeveralContactsHaveTheEmail() {
    client.upsert(
        contact("a", ",\"LastName\":\"A\",\"Email\":\"x@example.com\""),
        contact("b", ",\"LastName\":\"B\",\"Email\":\"X@example.com\""));

    HttpResponse<String> one =
        client.data("PATCH", "sobjects/Contact/Email/x@example.com", "{\"LastName\":\"C\"}");
    JsonNode many =
        json(
            client.data(
                "PATCH",
                "composite/sobjects/Contact/Email",
                collection(
                    false, "{\"attributes\":{\"type\":\"Contact\"},\"Email\":\"x@example.com\"}")));

    assertThat(one.statusCode()).isEqualTo(300);
    assertThat(json(one)).hasSize(2);
    assertThat(many.at("/0/errors/0/statusCode").asText()).isEqualTo("DUPLICATE_EXTERNAL_ID");
  }

  @Test
  void servesOneRecordByKeyWithTheDocumentedStatuses() {
    String path = "//sobjects/Contact/ExternalId__c/a/b/";
    HttpResponse<String> created =
        client.data("POST", path + "?_HttpMethod=PATCH", "{\"LastName\":\"A\"}");
    HttpResponse<String> updated = client.data("PATCH", path, "{\"LastName\":\"B\"}");
    String byId = "sobjects/Contact/" + json(created).path("id").asText();

    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(updated.statusCode()).isEqualTo(200);
    assertThat(json(client.data("GET", path, "")).path("ExternalId__c").asText()).isEqualTo("a/b");
    assertThat(client.data("PATCH", byId, "{\"LastName\":\"C\"}").statusCode()).isEqualTo(204);
    assertThat(client.data("DELETE", byId, "").statusCode()).isEqualTo(204);
    assertThat(client.data("DELETE", byId, "").body()).contains("ENTITY_IS_DELETED");
    assertThat(client.data("GET", path, "").statusCode()).isEqualTo(404);
  }

  @Test
  void deletesByIdsAndSaysWhichWereGone() {
    String id = client.upsert(named("a")).at("/0/id").asText();
    String path = "composite/sobjects?ids=" + id + ",003000000000001AAA,nonsense";

    assertThat(json(client.data("DELETE", path, "")).findValuesAsText("statusCode"))
        .containsExactly("INVALID_CROSS_REFERENCE_KEY", "MALFORMED_ID");
    assertThat(json(client.data("DELETE", path, "")).at("/0/errors/0/statusCode").asText())
        .isEqualTo("ENTITY_IS_DELETED");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT COUNT() FROM Contact                                      | 3",
        "select Id from contact where externalid__c = 'A'                 | 1",
        "SELECT Id FROM Contact WHERE ExternalId__c IN ('a','c','z')      | 2",
        "SELECT Id FROM Contact WHERE LastName LIKE 'Name of _' LIMIT 2   | 2",
        "SELECT Id FROM Contact WHERE ExternalId__c = 'a\\' OR Id != null | MALFORMED_QUERY",
        "SELECT Id FROM Contact WHERE Phone = null AND (Email = null OR LastName = 'x') | 3",
        "SELECT Nope FROM Contact                                         | INVALID_FIELD",
        "SELECT Id FROM Nope                                              | INVALID_TYPE",
        "SELECT Id FROM Contact WHERE                                     | MALFORMED_QUERY",
      })
  void answersQueries(String soql, String expected) {
    client.upsert(named("a"), named("b"), named("c"));
    String encoded = URLEncoder.encode(soql, StandardCharsets.UTF_8);

    JsonNode answer = json(client.data("GET", "query/?q=" + encoded, ""));

    assertThat(
            answer.isArray()
                ? answer.at("/0/errorCode").asText()
                : answer.path("totalSize").asText())
        .isEqualTo(expected);
  }

  @Test
  void refersToResultsInsideOneCompositeCall() {
    JsonNode answer =
        json(
            client.data(
                "POST",
                "composite",
                """
                {"compositeRequest":[
                 {"method":"POST","url":"/services/data/v62.0/sobjects/Account","referenceId":"acc",
                  "body":{"Name":"Acme"}},
                 {"method":"PATCH","referenceId":"con",
                  "url":"/services/data/v62.0/composite/sobjects/Contact/ExternalId__c",
                  "body":{"records":[{"attributes":{"type":"Contact"},"ExternalId__c":"a",
                                      "LastName":"A","AccountId":"@{acc.id}"}]}},
                 {"method":"GET","url":"/services/data/v62.0/sobjects/Contact/@{con[0].id}",
                  "referenceId":"read"}]}"""));

    assertThat(answer.findValuesAsText("httpStatusCode")).containsExactly("201", "200", "200");
    assertThat(answer.at("/compositeResponse/2/body/AccountId"))
        .isEqualTo(answer.at("/compositeResponse/0/body/id"));
    assertThat(client.stats().path("apiUsage").asInt()).isEqualTo(1);
  }

  @Test
  void readsGzipBodies() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(collection(false, named("é")).getBytes(StandardCharsets.UTF_8));
    }
    HttpResponse<String> response =
        client.exchange(
            client
                .request("/services/data/v46.0/" + SandboxClient.UPSERT)
                .header("Authorization", "OAuth " + client.token())
                .header("Content-Type", "application/json; charset=UTF-8")
                .header("Content-Encoding", "gzip")
                .method("PATCH", BodyPublishers.ofByteArray(zipped.toByteArray())));

    assertThat(json(response).at("/0/created").asBoolean()).isTrue();
    assertThat(response.headers().firstValue("Sforce-Limit-Info")).hasValue("api-usage=1/1000000");
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, v62.0/composite/sobjects, 405", "GET, v45.0/sobjects, 404", "GET, v66.0/sobjects, 404",
    "GET, v65.0/limits, 200", "GET, v62.0/nothing, 404", "GET, v62.0/sobjects/Lead, 404"
  })
  void answersWithTheRightStatus(String method, String path, int status) {
    assertThat(client.raw(method, "/services/data/" + path, "").statusCode()).isEqualTo(status);
  }

  @Test
  void refusesOtherContentTypesAndMissingTokens() {
    HttpResponse<String> text =
        client.exchange(
            client
                .request("/services/data/v62.0/composite/sobjects")
                .header("Authorization", "Bearer " + client.token())
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}")));
    HttpResponse<String> anonymous =
        client.exchange(client.request("/services/data/v62.0/sobjects").GET());

    assertThat(text.statusCode()).isEqualTo(415);
    assertThat(anonymous.statusCode()).isEqualTo(401);
    assertThat(json(anonymous).at("/0/errorCode").asText()).isEqualTo("INVALID_SESSION_ID");
  }

  @Test
  void takesTenThousandContactsInFiftyCalls() {
    for (int call = 0; call < 50; call++) {
      int base = call * 200;
      client.upsert(
          IntStream.range(base, base + 200)
              .mapToObj(i -> named(String.format(Locale.ROOT, "k%05d", i)))
              .toArray(String[]::new));
    }

    assertThat(client.stats().path("recordsWritten").asInt()).isEqualTo(10_000);
    assertThat(client.stats().at("/callsByRoute/PATCH composite~1sobjects").asInt()).isEqualTo(50);
  }

  @Test
  void countsAWriteThatGoesBackInTime() {
    for (int sequence : new int[] {1, 3, 3, 2, 4}) {
      client.upsert(contact("a", ",\"LastName\":\"A\",\"Description\":\"seq:" + sequence + "\""));
    }

    assertThat(client.stats().path("outOfOrderWrites").asInt()).isEqualTo(1);
    assertThat(client.stats().path("writesPerKeyMax").asInt()).isEqualTo(5);
  }
}
