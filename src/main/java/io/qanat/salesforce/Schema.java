package io.qanat.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.deliver.Failure;
import io.qanat.salesforce.SalesforceApi.Answer;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What the org says of the object's fields; asked at most once per write, and only in doubt. */
final class Schema {
  private final Calls calls;
  private final String object;
  private @Nullable Set<String> writable;

  Schema(Calls calls, String object) {
    this.calls = calls;
    this.object = object;
  }

  /** The fields of the row that the org does not have, or does not let this user write. */
  Set<String> missing(Step step) {
    Set<String> known = writable();
    Set<String> missing = new TreeSet<>();
    step.fields().fieldNames().forEachRemaining(missing::add);
    missing.removeIf(field -> known.contains(field.toLowerCase(Locale.ROOT)));
    return missing;
  }

  private Set<String> writable() {
    if (writable == null) {
      Answer answer = calls.send("GET", "/sobjects/" + object + "/describe", null);
      JsonNode fields = SalesforceErrors.json(answer).path("fields");
      if (!answer.ok() || fields.isEmpty()) {
        throw new Calls.Halt(
            Failure.transientFailure(
                SalesforceErrors.OUTCOME_UNKNOWN,
                "the description of " + object + " is unreadable"));
      }
      writable =
          StreamSupport.stream(fields.spliterator(), false)
              .filter(f -> f.path("createable").asBoolean(true))
              .map(f -> f.path("name").asText().toLowerCase(Locale.ROOT))
              .collect(Collectors.toSet());
    }
    return writable;
  }
}
