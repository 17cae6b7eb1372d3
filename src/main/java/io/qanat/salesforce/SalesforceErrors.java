package io.qanat.salesforce;

import static io.qanat.deliver.FailureClass.POISON;
import static io.qanat.deliver.FailureClass.TRANSIENT;
import static io.qanat.deliver.FailureClass.UNKNOWN;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.qanat.deliver.Failure;
import io.qanat.deliver.FailureClass;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Salesforce's error codes mean for an event: the table, and how answers are read by it. */
final class SalesforceErrors {
  static final ObjectMapper JSON = new ObjectMapper();
  static final String OUTCOME_UNKNOWN = "SALESFORCE_OUTCOME_UNKNOWN";
  static final String UNAVAILABLE = "SALESFORCE_UNAVAILABLE";
  static final String LOGIN_FAILED = "SALESFORCE_LOGIN_FAILED";
  static final String SCHEMA_DRIFT = "SCHEMA_DRIFT";
  private static final int MAX_MESSAGE = 500;

  /** Codes that say something of Salesforce or its configuration, not of the row. */
  private static final Set<String> HOLD =
      Set.of(
          "UNABLE_TO_LOCK_ROW",
          "ALL_OR_NONE_OPERATION_ROLLED_BACK",
          "SERVER_UNAVAILABLE",
          "SERVICE_UNAVAILABLE",
          "REQUEST_RUNNING_TOO_LONG",
          "QUERY_TIMEOUT",
          "REQUEST_LIMIT_EXCEEDED",
          "STORAGE_LIMIT_EXCEEDED",
          "INVALID_SESSION_ID",
          "INVALID_LOGIN",
          "INVALID_OPERATION_WITH_EXPIRED_PASSWORD",
          "API_DISABLED_FOR_ORG",
          "API_CURRENTLY_DISABLED",
          "INACTIVE_OWNER_OR_USER",
          "ORG_LOCKED");

  /** Codes of a single row that mean that the mapping and the org's schema have parted. */
  private static final Set<String> DRIFT =
      Set.of("INVALID_FIELD", "INVALID_FIELD_FOR_INSERT_UPDATE", "INVALID_TYPE");

  private static final Set<String> REFUSED =
      Set.of(
          "REQUIRED_FIELD_MISSING",
          "INVALID_EMAIL_ADDRESS",
          "STRING_TOO_LONG",
          "MALFORMED_ID",
          "INVALID_CROSS_REFERENCE_KEY",
          "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
          "ENTITY_IS_DELETED",
          "DUPLICATES_DETECTED",
          "FIELD_CUSTOM_VALIDATION_EXCEPTION",
          "FIELD_INTEGRITY_EXCEPTION",
          "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
          "NUMBER_OUTSIDE_VALID_RANGE",
          "INVALID_TYPE_ON_FIELD_IN_RECORD",
          "JSON_PARSER_ERROR",
          "MISSING_ARGUMENT",
          "DUPLICATE_EXTERNAL_ID");

  private SalesforceErrors() {}

  /** The class of one code of one row, given the field that identifies rows. */
  static FailureClass classOf(String code, JsonNode error, String keyField) {
    if (code.equals("DUPLICATE_VALUE")) {
      return mentions(error, keyField) ? TRANSIENT : POISON;
    }
    if (HOLD.contains(code) || DRIFT.contains(code)) {
      return TRANSIENT;
    }
    // A trigger's exception hides the lock it ran into.
    if (error.path("message").asText().contains("UNABLE_TO_LOCK_ROW")) {
      return TRANSIENT;
    }
    return REFUSED.contains(code) ? POISON : UNKNOWN;
  }

  /**
   * What the errors of one row mean. A row with one certain refusal among its errors will always be
   * refused, so that counts first.
   */
  static Failure ofRow(JsonNode errors, String keyField) {
    record Read(String code, FailureClass kind, String message) {}
    List<Read> read = new ArrayList<>();
    Set<String> fields = new LinkedHashSet<>();
    for (JsonNode error : errors) {
      String code = error.path("statusCode").asText(error.path("errorCode").asText("UNKNOWN"));
      read.add(new Read(code, classOf(code, error, keyField), error.path("message").asText()));
      error.path("fields").forEach(field -> fields.add(field.asText()));
    }
    Read first =
        Stream.of(POISON, TRANSIENT, UNKNOWN)
            .flatMap(kind -> read.stream().filter(r -> r.kind() == kind))
            .findFirst()
            .orElse(new Read("NO_REASON_GIVEN", UNKNOWN, "refused without a reason"));
    String code = DRIFT.contains(first.code()) ? SCHEMA_DRIFT : first.code();
    String message =
        read.isEmpty()
            ? first.message()
            : read.stream().map(Read::message).collect(Collectors.joining("; "));
    if (code.equals(SCHEMA_DRIFT)) {
      message = first.code() + ": " + message;
    }
    return new Failure(first.kind(), code, bounded(message), List.copyOf(fields));
  }

  /** Whether a request that was refused may pass when its rows are sent in other company. */
  static boolean blamesARow(SalesforceApi.Answer answer) {
    if (answer.status() == 413) {
      return true;
    }
    JsonNode error = firstError(answer);
    return answer.status() == 400
        && error.hasNonNull("errorCode")
        && !HOLD.contains(error.path("errorCode").asText());
  }

  /** Why a request was not accepted as a whole: hold, unless {@link #blamesARow}. */
  static Failure ofRequest(SalesforceApi.Answer answer) {
    int status = answer.status();
    JsonNode error = firstError(answer);
    String code = error.path("errorCode").asText();
    String words =
        bounded("HTTP " + status + (code.isEmpty() ? "" : " " + error.path("message").asText()));
    if (blamesARow(answer)) {
      return Failure.poison(status == 413 ? "REQUEST_TOO_LARGE" : code, words, List.of());
    }
    if (status == 0) {
      return Failure.transientFailure(OUTCOME_UNKNOWN, "no answer came back");
    }
    if (status == 401) {
      return Failure.transientFailure(LOGIN_FAILED, "a new session is refused: " + words);
    }
    if (status == 404) {
      return Failure.transientFailure(SCHEMA_DRIFT, "the object or its key is gone: " + words);
    }
    return Failure.transientFailure(code.isEmpty() ? UNAVAILABLE : code, words);
  }

  /**
   * Whether the answer to a delete says that there is nothing left to delete. A missing external id
   * field is a 404 as well, but of the schema.
   */
  static boolean alreadyGone(JsonNode errors) {
    JsonNode error = errors.path(0);
    String code = error.path("statusCode").asText(error.path("errorCode").asText());
    return code.equals("ENTITY_IS_DELETED")
        || (code.equals("NOT_FOUND") && !error.path("message").asText().contains("external ID"));
  }

  /** The body as JSON, or a missing node when it is not. */
  static JsonNode json(SalesforceApi.Answer answer) {
    try {
      JsonNode node = JSON.readTree(answer.body());
      return node == null ? MissingNode.getInstance() : node;
    } catch (IOException notJson) {
      return MissingNode.getInstance();
    }
  }

  private static JsonNode firstError(SalesforceApi.Answer answer) {
    return json(answer).path(0);
  }

  private static boolean mentions(JsonNode error, String field) {
    for (JsonNode named : error.path("fields")) {
      if (named.asText().equalsIgnoreCase(field)) {
        return true;
      }
    }
    return error
        .path("message")
        .asText()
        .toLowerCase(Locale.ROOT)
        .contains("duplicate value found: " + field.toLowerCase(Locale.ROOT));
  }

  private static String bounded(String text) {
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE);
  }
}
