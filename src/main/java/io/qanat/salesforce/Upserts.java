package io.qanat.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.deliver.Failure;
import io.qanat.salesforce.SalesforceApi.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Upserts rows by one key field, up to 200 in a call, and finds the guilty when a call is refused
 * as a whole.
 *
 * <p>A refused call means one of two things: a row is poison, or the mapping and the org's schema
 * have parted. Describe tells them apart, for one row as well as for many: rows that carry a field
 * which the org does not have (any more) are held as {@code SCHEMA_DRIFT}, and never dead-lettered;
 * the others are halved until the poison is alone. If ten rows are refused alike and none is
 * accepted, then something that describe does not show is wrong with all of them, and they are held
 * as drift too.
 */
final class Upserts {
  static final int ALIKE_MEANS_DRIFT = 10;

  private final Calls calls;
  private final String object;
  private final Schema schema;
  private final RecordIds ids;

  Upserts(Calls calls, String object, Schema schema, RecordIds ids) {
    this.calls = calls;
    this.object = object;
    this.schema = schema;
    this.ids = ids;
  }

  /** Writes the heads of the chains, which are upserts by the same field, in one call. */
  void write(List<Chain> rows) {
    Answer answer = send(rows);
    if (answer.ok()) {
      settle(rows, answer);
      return;
    }
    List<Chain> sound = new ArrayList<>();
    for (Chain row : rows) {
      Set<String> missing = schema.missing(row.head());
      if (missing.isEmpty()) {
        sound.add(row);
      } else {
        row.failed(drift(object + " does not take " + String.join(", ", missing)));
      }
    }
    if (sound.isEmpty()) {
      return;
    }
    if (sound.size() < rows.size()) {
      answer = send(sound);
      if (answer.ok()) {
        settle(sound, answer);
        return;
      }
    }
    new Search().run(sound, SalesforceErrors.ofRequest(answer));
  }

  private Answer send(List<Chain> rows) {
    ObjectNode body = SalesforceErrors.JSON.createObjectNode().put("allOrNone", false);
    ArrayNode records = body.putArray("records");
    for (Chain row : rows) {
      ObjectNode record = records.addObject();
      record.putObject("attributes").put("type", object);
      record.setAll(row.head().fields());
    }
    String field = rows.get(0).head().key().field();
    return calls.send("PATCH", "/composite/sobjects/" + object + "/" + field, body);
  }

  private void settle(List<Chain> rows, Answer answer) {
    JsonNode results = Calls.results(SalesforceErrors.json(answer), rows.size());
    for (JsonNode result : results) {
      if (!result.path("success").isBoolean()) {
        throw new Calls.Halt(
            Failure.transientFailure(
                SalesforceErrors.OUTCOME_UNKNOWN, "a result does not say success or not"));
      }
    }
    for (int i = 0; i < rows.size(); i++) {
      Chain row = rows.get(i);
      JsonNode result = results.get(i);
      RecordKey key = row.head().key();
      if (result.path("success").asBoolean()) {
        if (result.path("id").isTextual()) {
          ids.remember(key, result.path("id").asText());
        }
        row.delivered();
      } else {
        row.failed(SalesforceErrors.ofRow(result.path("errors"), key.field()));
      }
    }
  }

  private static Failure drift(String message) {
    return Failure.transientFailure(SalesforceErrors.SCHEMA_DRIFT, message);
  }

  /** Halves refused rows until the poison is alone. */
  private final class Search {
    private final List<Chain> refused = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private boolean accepted;

    void run(List<Chain> rows, Failure failure) {
      halve(rows, failure);
      for (int i = 0; i < refused.size(); i++) {
        refused.get(i).failed(failures.get(i));
      }
    }

    private void halve(List<Chain> rows, Failure failure) {
      if (rows.size() == 1) {
        refused.add(rows.get(0));
        failures.add(failure);
        haltIfAllAlike(failure);
        return;
      }
      // Every other row, so that neighbours with one fault do not look like drift.
      for (int parity = 0; parity < 2; parity++) {
        List<Chain> half = new ArrayList<>();
        for (int i = parity; i < rows.size(); i += 2) {
          half.add(rows.get(i));
        }
        Answer answer = send(half);
        if (answer.ok()) {
          settle(half, answer);
          accepted = true;
        } else {
          halve(half, SalesforceErrors.ofRequest(answer));
        }
      }
    }

    private void haltIfAllAlike(Failure failure) {
      boolean alike = failures.stream().allMatch(f -> f.code().equals(failure.code()));
      if (!accepted && alike && failures.size() >= ALIKE_MEANS_DRIFT) {
        throw new Calls.Halt(
            drift("every row is refused alike: " + failure.code() + " " + failure.message()));
      }
    }
  }
}
