package io.qanat.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.deliver.Failure;
import io.qanat.salesforce.SalesforceApi.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Deletes records: by the ids that earlier upserts returned, many in a call, or else by their keys,
 * 25 in a call.
 *
 * <p>A remembered id may be stale: somebody deleted the record, and it was created anew with
 * another id. So only a success settles a delete by id; any other answer forgets the id and deletes
 * by key, which always means the record of today. Ids are only used for the first key field: the
 * value of another, such as an e-mail, changes hands.
 */
final class Deletes {
  private static final int BY_KEY = 25;

  private final Calls calls;
  private final String object;
  private final String keyField;
  private final int rowsPerCall;
  private final RecordIds ids;

  Deletes(Calls calls, String object, String keyField, int rowsPerCall, RecordIds ids) {
    this.calls = calls;
    this.object = object;
    this.keyField = keyField;
    this.rowsPerCall = rowsPerCall;
    this.ids = ids;
  }

  /** Deletes what the heads of the chains name, each of which is a delete. */
  void write(List<Chain> rows) {
    List<Chain> byId = new ArrayList<>();
    List<Chain> byKey = new ArrayList<>();
    for (Chain row : rows) {
      (idOf(row) == null ? byKey : byId).add(row);
    }
    for (List<Chain> slice : Slices.of(byId, rowsPerCall)) {
      byKey.addAll(byId(slice));
    }
    for (List<Chain> slice : Slices.of(byKey, BY_KEY)) {
      byKey(slice);
    }
  }

  private @Nullable String idOf(Chain row) {
    RecordKey key = row.head().key();
    return key.field().equals(keyField) ? ids.get(key) : null;
  }

  /** Deletes by id and answers those that must be tried by key. */
  private List<Chain> byId(List<Chain> rows) {
    String list = rows.stream().map(this::idOf).collect(Collectors.joining(","));
    rows.forEach(row -> ids.forget(row.head().key()));
    Answer answer =
        calls.send("DELETE", "/composite/sobjects?ids=" + list + "&allOrNone=false", null);
    if (!answer.ok()) {
      return rows;
    }
    JsonNode results = Calls.results(SalesforceErrors.json(answer), rows.size());
    List<Chain> rest = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (results.get(i).path("success").asBoolean()) {
        rows.get(i).delivered();
      } else {
        rest.add(rows.get(i));
      }
    }
    return rest;
  }

  private void byKey(List<Chain> rows) {
    ObjectNode body = SalesforceErrors.JSON.createObjectNode().put("allOrNone", false);
    ArrayNode requests = body.putArray("compositeRequest");
    for (int i = 0; i < rows.size(); i++) {
      RecordKey key = rows.get(i).head().key();
      ids.forget(key);
      requests
          .addObject()
          .put("method", "DELETE")
          .put(
              "url",
              calls.root()
                  + "/sobjects/"
                  + object
                  + "/"
                  + key.field()
                  + "/"
                  + PathSegment.encode(key.value()))
          .put("referenceId", "row" + i);
    }
    Answer answer = calls.send("POST", "/composite", body);
    if (!answer.ok()) {
      refused(rows, SalesforceErrors.ofRequest(answer));
      return;
    }
    JsonNode results =
        Calls.results(SalesforceErrors.json(answer).path("compositeResponse"), rows.size());
    for (int i = 0; i < rows.size(); i++) {
      if (!results.get(i).path("referenceId").asText().equals("row" + i)) {
        throw new Calls.Halt(
            Failure.transientFailure(
                SalesforceErrors.OUTCOME_UNKNOWN, "the results are in another order than sent"));
      }
    }
    for (int i = 0; i < rows.size(); i++) {
      settle(rows.get(i), results.get(i));
    }
  }

  private void refused(List<Chain> rows, Failure failure) {
    if (rows.size() == 1) {
      rows.get(0).failed(failure);
    } else {
      rows.forEach(row -> byKey(List.of(row)));
    }
  }

  private static void settle(Chain row, JsonNode result) {
    int status = result.path("httpStatusCode").asInt();
    JsonNode errors = result.path("body");
    if ((status >= 200 && status < 300) || SalesforceErrors.alreadyGone(errors)) {
      row.delivered();
    } else if (status == 300) {
      row.failed(
          Failure.poison(
              "DUPLICATE_EXTERNAL_ID",
              "several records have this " + row.head().key().field(),
              List.of(row.head().key().field())));
    } else if (status == 404) {
      row.failed(
          Failure.transientFailure(
              SalesforceErrors.SCHEMA_DRIFT,
              "HTTP 404 " + errors.path(0).path("message").asText()));
    } else if (status == 0 || status == 401 || status == 420 || status == 429 || status >= 500) {
      row.failed(
          Failure.transientFailure(
              SalesforceErrors.UNAVAILABLE, "HTTP " + status + " in composite"));
    } else {
      row.failed(SalesforceErrors.ofRow(errors, row.head().key().field()));
    }
  }
}
