package io.qanat.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.client.model.Filters;
import io.qanat.accept.Problem;
import io.qanat.accept.ProblemException;
import io.qanat.deadletter.DeadLetterIndex.State;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are asked for; null is any.
 *
 * @param from died last at this time or later
 * @param to died last before this time
 */
record DeadLetterFilter(
    @Nullable String flow,
    @Nullable String sink,
    @Nullable String code,
    @Nullable String key,
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable State state) {

  /** The filter that the parameters of a request make; others of them are passed over. */
  static DeadLetterFilter of(Map<String, String> parameters) {
    return new DeadLetterFilter(
        parameters.get("flow"),
        parameters.get("sink"),
        parameters.get("code"),
        parameters.get("key"),
        time("from", parameters.get("from")),
        time("to", parameters.get("to")),
        parameters.containsKey("state")
            ? State.valueOf(parameters.get("state").toUpperCase(Locale.ROOT))
            : null);
  }

  /** The filter in the body of a request, for letters that are dead now. */
  static DeadLetterFilter ofDead(JsonNode body) {
    Map<String, String> parameters = new HashMap<>();
    body.properties().forEach(p -> parameters.put(p.getKey(), p.getValue().asText()));
    parameters.put("state", State.DEAD.name());
    return of(parameters);
  }

  private static @Nullable Instant time(String name, @Nullable String text) {
    try {
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new ProblemException(
          Problem.Kind.BAD_REQUEST,
          "Give %s as a time such as 2026-01-31T12:00:00Z.".formatted(name));
    }
  }

  /** The filter as MongoDB takes it. */
  Bson toBson() {
    List<Bson> all = new ArrayList<>();
    // A dead letter of which only the audit is known has no such time, and is not seen.
    all.add(Filters.gte("diedAt", Date.from(from == null ? Instant.EPOCH : from)));
    if (to != null) {
      all.add(Filters.lt("diedAt", Date.from(to)));
    }
    toJson().properties().stream()
        .filter(p -> !p.getKey().equals("from") && !p.getKey().equals("to"))
        .forEach(p -> all.add(Filters.eq(p.getKey(), p.getValue().asText())));
    return Filters.and(all);
  }

  /** The filter as it is shown, without what it leaves open. */
  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    put(json, "flow", flow);
    put(json, "sink", sink);
    put(json, "code", code);
    put(json, "key", key);
    put(json, "from", from);
    put(json, "to", to);
    put(json, "state", state == null ? null : state.name().toLowerCase(Locale.ROOT));
    return json;
  }

  private static void put(ObjectNode json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value.toString());
    }
  }
}
