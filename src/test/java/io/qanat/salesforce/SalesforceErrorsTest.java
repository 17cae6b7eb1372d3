package io.qanat.salesforce;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.qanat.deliver.Failure;
import io.qanat.deliver.FailureClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SalesforceErrorsTest {
  @ParameterizedTest
  @CsvSource({
    "UNABLE_TO_LOCK_ROW, TRANSIENT",
    "ALL_OR_NONE_OPERATION_ROLLED_BACK, TRANSIENT",
    "SERVER_UNAVAILABLE, TRANSIENT",
    "SERVICE_UNAVAILABLE, TRANSIENT",
    "REQUEST_RUNNING_TOO_LONG, TRANSIENT",
    "QUERY_TIMEOUT, TRANSIENT",
    "REQUEST_LIMIT_EXCEEDED, TRANSIENT",
    "STORAGE_LIMIT_EXCEEDED, TRANSIENT",
    "INVALID_SESSION_ID, TRANSIENT",
    "INVALID_LOGIN, TRANSIENT",
    "INVALID_OPERATION_WITH_EXPIRED_PASSWORD, TRANSIENT",
    "API_DISABLED_FOR_ORG, TRANSIENT",
    "API_CURRENTLY_DISABLED, TRANSIENT",
    "INACTIVE_OWNER_OR_USER, TRANSIENT",
    "ORG_LOCKED, TRANSIENT",
    "INVALID_FIELD, TRANSIENT",
    "INVALID_FIELD_FOR_INSERT_UPDATE, TRANSIENT",
    "INVALID_TYPE, TRANSIENT",
    "REQUIRED_FIELD_MISSING, POISON",
    "INVALID_EMAIL_ADDRESS, POISON",
    "STRING_TOO_LONG, POISON",
    "MALFORMED_ID, POISON",
    "INVALID_CROSS_REFERENCE_KEY, POISON",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY, POISON",
    "ENTITY_IS_DELETED, POISON",
    "DUPLICATES_DETECTED, POISON",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION, POISON",
    "FIELD_INTEGRITY_EXCEPTION, POISON",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST, POISON",
    "NUMBER_OUTSIDE_VALID_RANGE, POISON",
    "INVALID_TYPE_ON_FIELD_IN_RECORD, POISON",
    "JSON_PARSER_ERROR, POISON",
    "MISSING_ARGUMENT, POISON",
    "DUPLICATE_EXTERNAL_ID, POISON",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY, UNKNOWN",
    "SOMETHING_NEW, UNKNOWN",
  })
  void classifiesARowsCode(String code, FailureClass expected) {
    assertThat(read(FakeSalesforce.errors(code, "words", "F")).failureClass()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "duplicate value found: ExternalId__c duplicates value on record with id: 003 | '' | TRANSIENT",
        "duplicate value found: Passport__c duplicates value on record with id: 003   | '' | POISON",
        "duplicate value found: <unknown> duplicates value on record                  | '' | POISON",
        "words | externalid__c | TRANSIENT",
        "words | Passport__c   | POISON",
      })
  void readsADuplicateOfTheKeyAsARaceAndOfAnotherFieldAsRefusal(
      String message, String field, FailureClass expected) {
    String errors =
        field.isEmpty()
            ? FakeSalesforce.errors("DUPLICATE_VALUE", message)
            : FakeSalesforce.errors("DUPLICATE_VALUE", message, field);

    assertThat(read(errors).failureClass()).isEqualTo(expected);
  }

  @Test
  void findsTheLockBehindATriggersException() {
    String errors =
        FakeSalesforce.errors(
            "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
            "T: execution of AfterUpdate UNABLE_TO_LOCK_ROW");

    assertThat(read(errors).failureClass()).isEqualTo(FailureClass.TRANSIENT);
  }

  @Test
  void countsACertainRefusalFirstAndNamesAllFields() {
    Failure failure =
        read(
            "[{\"statusCode\":\"UNABLE_TO_LOCK_ROW\",\"message\":\"locked\",\"fields\":[]},"
                + "{\"statusCode\":\"STRING_TOO_LONG\",\"message\":\"long\",\"fields\":[\"A\"]},"
                + "{\"statusCode\":\"MALFORMED_ID\",\"message\":\"id\",\"fields\":[\"B\"]}]");

    assertThat(failure)
        .isEqualTo(Failure.poison("STRING_TOO_LONG", "locked; long; id", failure.fields()));
    assertThat(failure.fields()).containsExactly("A", "B");
  }

  @Test
  void saysDriftForAFieldThatCannotBeWritten() {
    Failure failure =
        read(FakeSalesforce.errors("INVALID_FIELD_FOR_INSERT_UPDATE", "check security", "Title"));

    assertThat(failure.code()).isEqualTo("SCHEMA_DRIFT");
    assertThat(failure.message()).contains("INVALID_FIELD_FOR_INSERT_UPDATE", "check security");
  }

  @Test
  void doesNotGiveUpARowThatIsRefusedWithoutAReason() {
    assertThat(read("[]"))
        .isEqualTo(Failure.unknown("NO_REASON_GIVEN", "refused without a reason"));
  }

  @Test
  void boundsTheMessage() {
    assertThat(read(FakeSalesforce.errors("STRING_TOO_LONG", "x".repeat(9000))).message())
        .hasSize(500);
  }

  private static Failure read(String errors) {
    try {
      return SalesforceErrors.ofRow(SalesforceErrors.JSON.readTree(errors), "ExternalId__c");
    } catch (JsonProcessingException broken) {
      throw new IllegalArgumentException(broken);
    }
  }
}
