package io.qanat.salesforce;

import static io.qanat.salesforce.Batch.assertThat;
import static io.qanat.salesforce.Batch.contact;
import static io.qanat.salesforce.Batch.contacts;
import static io.qanat.salesforce.Batch.delete;
import static io.qanat.salesforce.Batch.events;
import static io.qanat.salesforce.Batch.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.deliver.BatchOutcome;
import io.qanat.deliver.Deadline;
import io.qanat.deliver.Event;
import io.qanat.deliver.FailureClass;
import io.qanat.deliver.MappingDocument;
import java.io.StringReader;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SalesforceSinkTest {
  static final String MAPPING =
      """
      events:
        contact.upserted: upsert
        contact.deleted: delete
      identifiedBy: [externalId, email]
      fields:
        externalId: ExternalId__c
        firstName: FirstName
        lastName: LastName
        email: Email
        phone: Phone
        title: Title
        mailingAddress.city: MailingCity
      ignore: [note]
      """;

  private final FakeSalesforce salesforce = new FakeSalesforce();
  private final ApiBudget budget =
      new ApiBudget(Clock.fixed(Instant.parse("2026-11-21T10:00:00Z"), ZoneOffset.UTC));
  private final SalesforceWriter sink =
      new SalesforceWriter(
          new SalesforceOrg(salesforce, budget),
          "Contact",
          MappingFile.read(
              MappingDocument.read("contacts.mapping.yaml", new StringReader(MAPPING))),
          200);

  private BatchOutcome write(Event... events) {
    return sink.write(events(events), Deadline.NEVER);
  }

  @Test
  void sendsTwoHundredRowsInOneCall() {
    List<Event> events = contacts(401);

    assertThat(sink.write(events, Deadline.NEVER)).deliveredAllOf(events);
    assertThat(salesforce.calls).hasSize(3);
    assertThat(salesforce.calls.get(0).line())
        .isEqualTo("PATCH /composite/sobjects/Contact/ExternalId__c");
    assertThat(salesforce.calls.get(0).body().path("records")).hasSize(200);
    assertThat(salesforce.calls.get(0).body().path("allOrNone").asBoolean(true)).isFalse();
    assertThat(salesforce.calls.get(0).body().at("/records/0/attributes/type").asText())
        .isEqualTo("Contact");
  }

  @Test
  void deadLettersOnlyTheBadRecordOfAHalfBadBatch() {
    salesforce.refuses("B", "REQUIRED_FIELD_MISSING", "LastName");

    BatchOutcome outcome = write(contact("A"), contact("B"), contact("C"));

    assertThat(outcome).delivered(0, 2).rejected(1, "REQUIRED_FIELD_MISSING").heldNothing();
    assertThat(outcome.rejected().get(0).failure().fields()).containsExactly("LastName");
  }

  @Test
  void holdsOnlyTheLockedRowAndWhatFollowsItsKey() {
    salesforce.refuses("L B", "UNABLE_TO_LOCK_ROW", "");

    assertThat(write(contact("A"), contact("B"), contact("C"), delete("B")))
        .delivered(0, 2)
        .held(1, "UNABLE_TO_LOCK_ROW")
        .held(3, "UNABLE_TO_LOCK_ROW")
        .rejectedNothing();
  }

  @Test
  void triesAnUnknownCodeAgainAndHoldsItsFollowersAsTransient() {
    salesforce.refuses("L A", "NEVER_HEARD_OF", "");

    BatchOutcome outcome = write(contact("A"), delete("A"));

    assertThat(outcome).delivered().held(0, "NEVER_HEARD_OF").held(1, "PREDECESSOR_HELD");
    assertThat(outcome.held().get(0).failure().failureClass()).isEqualTo(FailureClass.UNKNOWN);
    assertThat(outcome.held().get(1).failure().failureClass()).isEqualTo(FailureClass.TRANSIENT);
  }

  @Test
  void sendsOnlyFieldsThatArePresentAndKeepsExplicitNulls() {
    write(upsert("A", "{'externalId':'A','phone':null,'mailingAddress':{'city':'Oslo'}}"));

    assertThat(salesforce.calls.get(0).body().at("/records/0").toString())
        .isEqualTo(
            "{\"attributes\":{\"type\":\"Contact\"},\"ExternalId__c\":\"A\",\"Phone\":null,"
                + "\"MailingCity\":\"Oslo\"}");
  }

  @Test
  void clearsEveryFieldOfAGroupThatIsNull() {
    write(upsert("A", "{'externalId':'A','mailingAddress':null}"));

    assertThat(salesforce.calls.get(0).body().at("/records/0/MailingCity").isNull()).isTrue();
  }

  @Test
  void upsertsByEmailWhatHasNoExternalId() {
    assertThat(
            write(
                contact("A"),
                upsert("b@x.org", "{'externalId':null,'email':'b@x.org','lastName':'B'}")))
        .delivered(0, 1);
    assertThat(salesforce.calls)
        .extracting(FakeSalesforce.Call::line)
        .containsExactly(
            "PATCH /composite/sobjects/Contact/ExternalId__c",
            "PATCH /composite/sobjects/Contact/Email");
    assertThat(salesforce.calls.get(1).body().at("/records/0").has("ExternalId__c")).isFalse();
  }

  @Test
  void mergesSuccessiveUpdatesOfOneKeyFieldByField() {
    assertThat(
            write(
                upsert("A", "{'externalId':'A','lastName':'One','phone':'1'}"),
                contact("B"),
                upsert("A", "{'externalId':'A','phone':null,'title':'Dr'}")))
        .delivered(0, 1, 2);
    assertThat(salesforce.calls).hasSize(1);
    assertThat(salesforce.calls.get(0).body().at("/records/0").toString())
        .contains("\"LastName\":\"One\",\"Phone\":null,\"Title\":\"Dr\"");
    assertThat(salesforce.calls.get(0).body().path("records")).hasSize(2);
  }

  @Test
  void rejectsOnlyTheGuiltyEventOfAMergedRow() {
    salesforce.refuses("bad", "INVALID_EMAIL_ADDRESS", "Email");

    assertThat(
            write(
                upsert("A", "{'externalId':'A','lastName':'One'}"),
                upsert("A", "{'externalId':'A','email':'bad'}"),
                upsert("A", "{'externalId':'A','title':'Dr'}")))
        .delivered(0, 2)
        .rejected(1, "INVALID_EMAIL_ADDRESS")
        .heldNothing();
    assertThat(salesforce.calls).hasSize(4);
    assertThat(salesforce.calls.get(3).body().at("/records/0/Title").asText()).isEqualTo("Dr");
  }

  @Test
  void keepsTheOrderOfUpsertDeleteUpsertOfOneKey() {
    assertThat(write(contact("A"), delete("A"), contact("A"), contact("B"))).delivered(0, 1, 2, 3);
    assertThat(salesforce.calls)
        .extracting(FakeSalesforce.Call::line)
        .containsExactly(
            "PATCH /composite/sobjects/Contact/ExternalId__c",
            "DELETE /composite/sobjects?ids=id-A&allOrNone=false",
            "PATCH /composite/sobjects/Contact/ExternalId__c");
  }

  @Test
  void keepsKeysThatDifferByCaseOutOfOneRequest() {
    assertThat(write(contact("a1"), contact("A1"), contact("b"))).delivered(0, 1, 2);
    assertThat(salesforce.calls.get(0).values("ExternalId__c")).containsExactly("a1", "b");
    assertThat(salesforce.calls.get(1).values("ExternalId__c")).containsExactly("A1");
  }

  @Test
  void isolatesThePoisonRowOfARefusedRequest() {
    List<Event> events = contacts(200);
    salesforce.chokesOn(r -> r.path("ExternalId__c").asText().equals("K77"), "JSON_PARSER_ERROR");

    BatchOutcome outcome = sink.write(events, Deadline.NEVER);

    assertThat(outcome).rejected(77, "JSON_PARSER_ERROR").heldNothing();
    assertThat(outcome.delivered()).hasSize(199);
    assertThat(salesforce.calls).hasSizeLessThanOrEqualTo(2 + 2 * 8);
  }

  @Test
  void rejectsALonePoisonRowBecauseTheSchemaIsSound() {
    salesforce.chokesOn(r -> true, "JSON_PARSER_ERROR");

    assertThat(write(contact("A"))).rejected(0, "JSON_PARSER_ERROR").heldNothing();
    assertThat(salesforce.calls.get(1).line()).isEqualTo("GET /sobjects/Contact/describe");
  }

  @Test
  void holdsALoneRowWhoseFieldTheOrgDoesNotHave() {
    salesforce.schema("ExternalId__c").chokesOn(r -> r.has("LastName"), "INVALID_FIELD");

    BatchOutcome outcome = write(contact("A"));

    assertThat(outcome).heldAll(1, "SCHEMA_DRIFT");
    assertThat(outcome.held().get(0).failure().message()).contains("LastName");
  }

  @Test
  void holdsOnlyTheRowsThatCarryAFieldTheOrgDoesNotHave() {
    salesforce.schema("ExternalId__c", "LastName").chokesOn(r -> r.has("Title"), "INVALID_FIELD");

    assertThat(write(contact("A"), upsert("B", "{'externalId':'B','title':'Dr'}"), contact("C")))
        .delivered(0, 2)
        .held(1, "SCHEMA_DRIFT")
        .rejectedNothing();
    assertThat(salesforce.calls).hasSize(3);
  }

  @Test
  void holdsTheLaneWhenEveryRowIsRefusedAlike() {
    salesforce.chokesOn(r -> true, "JSON_PARSER_ERROR");

    assertThat(sink.write(contacts(200), Deadline.NEVER)).heldAll(200, "SCHEMA_DRIFT");
    assertThat(salesforce.calls).hasSizeLessThan(40);
  }

  @Test
  void holdsEverythingWhenTheObjectIsGone() {
    salesforce.then(404, FakeSalesforce.restError("NOT_FOUND", "The requested resource is away"));

    assertThat(sink.write(contacts(3), Deadline.NEVER)).heldAll(3, "SCHEMA_DRIFT");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "200 | ''                                            | SALESFORCE_OUTCOME_UNKNOWN",
        "200 | []                                            | SALESFORCE_OUTCOME_UNKNOWN",
        "200 | [{\"success\":true}]                          | SALESFORCE_OUTCOME_UNKNOWN",
        "200 | [{\"success\":true},{}]                       | SALESFORCE_OUTCOME_UNKNOWN",
        "200 | <html>maintenance</html>                      | SALESFORCE_OUTCOME_UNKNOWN",
        "200 | {\"success\":true}                            | SALESFORCE_OUTCOME_UNKNOWN",
        "0   | ''                                            | SALESFORCE_OUTCOME_UNKNOWN",
        "503 | <html>maintenance</html>                      | SALESFORCE_UNAVAILABLE",
        "502 | ''                                            | SALESFORCE_UNAVAILABLE",
        "420 | ''                                            | SALESFORCE_UNAVAILABLE",
        "429 | ''                                            | SALESFORCE_UNAVAILABLE",
        "400 | <html>a proxy</html>                          | SALESFORCE_UNAVAILABLE",
        "302 | ''                                            | SALESFORCE_UNAVAILABLE",
        "500 | [{\"errorCode\":\"UNKNOWN_EXCEPTION\"}]       | UNKNOWN_EXCEPTION",
        "503 | [{\"errorCode\":\"SERVER_UNAVAILABLE\"}]      | SERVER_UNAVAILABLE",
        "403 | [{\"errorCode\":\"REQUEST_LIMIT_EXCEEDED\"}]  | REQUEST_LIMIT_EXCEEDED",
        "403 | [{\"errorCode\":\"API_DISABLED_FOR_ORG\"}]    | API_DISABLED_FOR_ORG",
        "400 | [{\"errorCode\":\"INVALID_SESSION_ID\"}]      | INVALID_SESSION_ID",
        "401 | [{\"errorCode\":\"INVALID_SESSION_ID\"}]      | SALESFORCE_LOGIN_FAILED",
      })
  void holdsAllAndCallsNoMoreWhen(int status, String body, String code) {
    salesforce.then(status, body);

    assertThat(write(contact("A"), contact("B"), upsert("e", "{'email':'e@x'}"))).heldAll(3, code);
    assertThat(salesforce.calls).hasSize(1);
  }

  @Test
  void holdsAllWhenTheLoginFails() {
    salesforce.thenLoginFails();

    assertThat(sink.write(contacts(2), Deadline.NEVER)).heldAll(2, "SALESFORCE_LOGIN_FAILED");
  }

  @Test
  void keepsWhatWasDeliveredBeforeSalesforceWentAway() {
    salesforce.thenAsUsual().then(503, "");
    List<Event> events = contacts(201);

    BatchOutcome outcome = sink.write(events, Deadline.NEVER);

    assertThat(outcome.delivered()).isEqualTo(events.subList(0, 200));
    assertThat(outcome).held(200, "SALESFORCE_UNAVAILABLE").rejectedNothing();
  }

  @Test
  void holdsTheSuspectsWhenSalesforceGoesAwayDuringTheSearch() {
    salesforce
        .chokesOn(r -> r.path("ExternalId__c").asText().equals("K0"), "JSON_PARSER_ERROR")
        .thenAsUsual()
        .thenAsUsual()
        .thenAsUsual()
        .then(503, "");

    assertThat(sink.write(contacts(2), Deadline.NEVER)).heldAll(2, "SALESFORCE_UNAVAILABLE");
  }

  @Test
  void beginsNoCallAfterTheDeadline() {
    AtomicInteger asked = new AtomicInteger();

    BatchOutcome outcome = sink.write(contacts(400), () -> asked.incrementAndGet() > 1);

    assertThat(outcome.delivered()).hasSize(200);
    assertThat(outcome).held(200, "BATCH_DEADLINE").held(399, "BATCH_DEADLINE").rejectedNothing();
    assertThat(salesforce.calls).hasSize(1);
  }

  @Test
  void keepsTheLastCallsOfTheDayForOthers() {
    salesforce.usage(95, 100);

    BatchOutcome outcome = sink.write(contacts(201), Deadline.NEVER);

    assertThat(outcome).held(200, "SALESFORCE_API_BUDGET").rejectedNothing();
    assertThat(outcome.delivered()).hasSize(200);
    assertThat(salesforce.calls).hasSize(1);
  }

  @Test
  void deletesByTheIdThatTheUpsertReturned() {
    write(contact("A"), contact("B"));

    assertThat(write(delete("A"), delete("B"))).delivered(0, 1);
    assertThat(salesforce.calls.get(1).line())
        .isEqualTo("DELETE /composite/sobjects?ids=id-A,id-B&allOrNone=false");
  }

  @Test
  void deletesByKeyWhenTheRememberedIdIsStale() {
    write(contact("A"));
    salesforce.answersDelete("id-A", 200, FakeSalesforce.errors("ENTITY_IS_DELETED", "gone"));

    assertThat(write(delete("A"))).delivered(0);
    assertThat(salesforce.calls.get(2).body().at("/compositeRequest/0/url").asText())
        .isEqualTo("/services/data/v62.0/sobjects/Contact/ExternalId__c/A");
  }

  @Test
  void deletesTwentyFiveUnknownKeysInACall() {
    List<Event> events =
        events(contacts(60).stream().map(e -> delete(e.key())).toArray(Event[]::new));

    assertThat(sink.write(events, Deadline.NEVER)).deliveredAllOf(events);
    assertThat(salesforce.calls)
        .extracting(call -> call.line() + " " + call.body().path("compositeRequest").size())
        .containsExactly("POST /composite 25", "POST /composite 25", "POST /composite 10");
  }

  @Test
  void encodesKeysInPaths() {
    write(delete("a/b ?c"));

    assertThat(salesforce.calls.get(0).body().at("/compositeRequest/0/url").asText())
        .endsWith("/ExternalId__c/a%2Fb%20%3Fc");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "404 | NOT_FOUND                 | The requested resource does not exist              | ''",
        "404 | ENTITY_IS_DELETED         | entity is deleted                                  | ''",
        "404 | NOT_FOUND | Provided external ID field does not exist or is not accessible: X"
            + " | held SCHEMA_DRIFT",
        "300 |                           |                           | rejected DUPLICATE_EXTERNAL_ID",
        "503 | SERVER_UNAVAILABLE        | away                      | held SALESFORCE_UNAVAILABLE",
        "400 | UNABLE_TO_LOCK_ROW        | locked                    | held UNABLE_TO_LOCK_ROW",
        "400 | INVALID_CROSS_REFERENCE_KEY | referenced              | rejected INVALID_CROSS_REFERENCE_KEY",
        "400 | DELETE_FAILED             | has children              | held DELETE_FAILED",
      })
  void readsTheAnswerOfADeleteByKey(int status, String code, String message, String expected) {
    salesforce.answersDelete("A", status, FakeSalesforce.restError(code, message));

    BatchOutcome outcome = write(delete("A"), delete("B"));

    String[] words = expected.split(" ", -1);
    if (words[0].equals("held")) {
      assertThat(outcome).delivered(1).held(0, words[1]).rejectedNothing();
    } else if (words[0].equals("rejected")) {
      assertThat(outcome).delivered(1).rejected(0, words[1]).heldNothing();
    } else {
      assertThat(outcome).delivered(0, 1).rejectedNothing().heldNothing();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"compositeResponse\":[]}", "<html/>"})
  void holdsDeletesWhoseAnswerIsNotWhole(String body) {
    salesforce.then(200, body);

    assertThat(write(delete("A"))).heldAll(1, "SALESFORCE_OUTCOME_UNKNOWN");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'externalId':'A','shoeSize':44}           | UNMAPPED_FIELD      | shoeSize",
        "{'externalId':'A','mailingAddress':{'x':1}}| UNMAPPED_FIELD      | mailingAddress.x",
        "{'externalId':'A','mailingAddress':'Oslo'} | INVALID_FIELD_SHAPE | mailingAddress",
        "{'externalId':'A','lastName':{'a':1}}      | INVALID_FIELD_SHAPE | lastName",
        "{'externalId':['A']}                       | INVALID_KEY         | externalId",
        "{'externalId':'..'}                        | INVALID_KEY         | externalId",
        "{'externalId':' ','email':null}            | MISSING_KEY_FIELD   | externalId",
      })
  void rejectsAnEventThatCannotBecomeARow(String data, String code, String field) {
    BatchOutcome outcome = write(contact("B"), upsert("A", data.strip().replace('"', '\'')));

    assertThat(outcome).delivered(0).rejected(1, code).heldNothing();
    assertThat(outcome.rejected().get(0).failure().fields()).contains(field);
  }

  @Test
  void rejectsAnEventTypeThatIsNotMapped() {
    Event event = contact("A");
    Event other =
        new Event(event.position(), "A", "x", "contact.eaten", event.time(), event.data());

    assertThat(write(other)).rejected(0, "UNKNOWN_EVENT_TYPE");
  }

  @Test
  void ignoresAFieldThatTheMappingIgnores() {
    assertThat(write(upsert("A", "{'externalId':'A','note':{'any':1}}"))).delivered(0);
    assertThat(salesforce.calls.get(0).body().toString()).doesNotContain("any");
  }
}
