package io.qanat.sandbox.salesforce;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of one record of a write; {@code created} is null where the API does not say it. */
record SaveResult(@Nullable String id, @Nullable Boolean created, List<SaveError> errors) {
  static SaveResult saved(String id, @Nullable Boolean created) {
    return new SaveResult(id, created, List.of());
  }

  static SaveResult failed(SaveError... errors) {
    return new SaveResult(null, null, List.of(errors));
  }

  boolean success() {
    return errors.isEmpty();
  }

  ObjectNode toJson() {
    ObjectNode node = Json.object();
    if (id != null) {
      node.put("id", id);
    }
    node.put("success", success());
    ArrayNode list = node.putArray("errors");
    for (SaveError error : errors) {
      list.add(Answer.errorNode("statusCode", error.statusCode(), error.message(), error.fields()));
    }
    if (created != null) {
      node.put("created", created);
    }
    return node;
  }
}
