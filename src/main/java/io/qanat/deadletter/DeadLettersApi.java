package io.qanat.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.MongoException;
import io.qanat.accept.ApiCall;
import io.qanat.accept.Problem.Kind;
import io.qanat.accept.ProblemException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Answers {@code /dead-letters}: what died, why, and what is to become of it. */
@Component("deadLettersApi")
public class DeadLettersApi {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLettersApi.class);
  private static final String ROOT = "/dead-letters";
  private static final int DEFAULT_LIMIT = 50;
  private static final int SHOWN_JOBS = 50;

  /** What can be done while a caller waits. */
  private static final int MAX_DISCARDS = 10_000;

  private final DeadLetterStore store;
  private final DeadLetterView view;
  private final RedriveRequests redrives;
  private final RedriveJobs jobs;
  private final Discards discards;
  private final Audit audit;

  DeadLettersApi(
      DeadLetterStore store,
      DeadLetterView view,
      RedriveRequests redrives,
      RedriveJobs jobs,
      Discards discards,
      Audit audit) {
    this.store = store;
    this.view = view;
    this.redrives = redrives;
    this.jobs = jobs;
    this.discards = discards;
    this.audit = audit;
  }

  /** Answers one operation of the contract. */
  @Handler
  public void answer(Exchange exchange) {
    ApiCall call = ApiCall.of(exchange);
    JsonNode body = exchange.getMessage().getBody(JsonNode.class);
    try {
      Answer answer = answer(call, body == null ? JsonNodeFactory.instance.objectNode() : body);
      ApiCall.answer(exchange, answer.status(), answer.body());
      answer.headers().forEach(exchange.getMessage()::setHeader);
    } catch (MongoException e) {
      LOG.warn("Dead letters cannot be read or changed: {}", e.getMessage());
      throw new ProblemException(
          Kind.UNAVAILABLE,
          "MongoDB, which keeps dead letters, does not answer. Try again shortly.");
    } catch (KafkaException e) {
      LOG.warn("Dead letters cannot be changed: {}", e.getMessage());
      throw new ProblemException(
          Kind.UNAVAILABLE,
          "Kafka does not answer. See with GET what was done, and try again shortly.");
    }
  }

  private Answer answer(ApiCall call, JsonNode body) {
    return switch (call.operation()) {
      case "listDeadLetters" -> list(call.parameters());
      case "countDeadLetters" -> Answer.ok(counts(call.parameters()));
      case "getDeadLetter" -> Answer.ok(view.whole(letter(parameter(call, "deadLetter"))));
      case "redriveDeadLetters" -> redrives.redrive(body, operator(call));
      case "discardDeadLetters" -> Answer.ok(discard(body, operator(call)));
      case "listRedrives" -> Answer.ok(jobs());
      case "getRedrive" ->
          Answer.ok(
              jobs.find(parameter(call, "redrive")).orElseThrow(DeadLettersApi::noJob).toJson());
      case "stopRedrive" -> Answer.ok(stop(parameter(call, "redrive"), operator(call)));
      default -> throw new IllegalStateException(call.operation() + " is not about dead letters");
    };
  }

  private static String parameter(ApiCall call, String name) {
    return call.parameters().getOrDefault(name, "");
  }

  private static String operator(ApiCall call) {
    return call.caller() == null ? "unknown" : call.caller();
  }

  private DeadLetter letter(String id) {
    return store
        .get(id)
        .orElseThrow(
            () ->
                new ProblemException(
                    Kind.NOT_FOUND,
                    "There is no dead letter of this id, or it is not in MongoDB yet."));
  }

  private JsonNode jobs() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    var all = json.putArray("redrives");
    jobs.list(SHOWN_JOBS).forEach(j -> all.add(j.toJson()));
    return json;
  }

  private static ProblemException noJob() {
    return new ProblemException(Kind.NOT_FOUND, "There is no redrive of this id.");
  }

  private Answer list(Map<String, String> parameters) {
    DeadLetterFilter filter = DeadLetterFilter.of(parameters);
    int limit =
        parameters.containsKey("limit") ? Integer.parseInt(parameters.get("limit")) : DEFAULT_LIMIT;
    String cursor = parameters.get("cursor");
    // One more than a page holds tells whether there is another.
    List<DeadLetter> letters =
        store.list(filter, cursor == null ? null : Cursor.parse(cursor), limit + 1);
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    var lines = json.putArray("deadLetters");
    letters.stream().limit(limit).forEach(l -> lines.add(DeadLetterView.line(l)));
    if (letters.size() <= limit) {
      return Answer.ok(json);
    }
    String next = Cursor.behind(letters.get(limit - 1)).toText();
    json.put("next", next);
    Map<String, String> query = new LinkedHashMap<>(parameters);
    query.put("cursor", next);
    return new Answer(
        200, json, Map.of("Link", "<%s?%s>; rel=\"next\"".formatted(ROOT, encode(query))));
  }

  private static String encode(Map<String, String> query) {
    return query.entrySet().stream()
        .map(p -> p.getKey() + "=" + URLEncoder.encode(p.getValue(), StandardCharsets.UTF_8))
        .sorted()
        .collect(Collectors.joining("&"));
  }

  private JsonNode counts(Map<String, String> parameters) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    var counts = json.putArray("counts");
    store
        .counts(DeadLetterFilter.of(parameters))
        .forEach(
            c ->
                counts
                    .addObject()
                    .put("flow", c.flow())
                    .put("sink", c.sink())
                    .put("code", c.code())
                    .put("count", c.count()));
    return json;
  }

  private JsonNode discard(JsonNode body, String operator) {
    Selection selection = Selection.of(body, store, MAX_DISCARDS);
    String reason = body.path("reason").asText();
    ObjectNode details =
        JsonNodeFactory.instance
            .objectNode()
            .put("letters", selection.ids().size())
            .put("reason", reason)
            .setAll(selection.named());
    audit.log(operator, "discard", details);
    var result = discards.discard(selection.ids(), operator, reason);
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("total", selection.ids().size())
            .put("discarded", result.discarded());
    RedriveRequests.skipped(result.skipped(), json);
    return json;
  }

  private JsonNode stop(String job, String operator) {
    RedriveJob stopped = jobs.stop(job).orElseThrow(DeadLettersApi::noJob);
    audit.log(operator, "stop-redrive", JsonNodeFactory.instance.objectNode().put("job", job));
    return stopped.toJson();
  }
}
