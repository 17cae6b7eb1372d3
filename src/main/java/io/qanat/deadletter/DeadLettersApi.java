package io.qanat.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.MongoException;
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
import org.apache.camel.Message;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
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
    String operation = exchange.getProperty("operation", String.class);
    @SuppressWarnings("unchecked")
    Map<String, String> parameters = exchange.getProperty("parameters", Map.class);
    JsonNode body = exchange.getMessage().getBody(JsonNode.class);
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    try {
      JsonNode answer = answer(operation, parameters, body, operator(exchange), message);
      message.setHeader(Exchange.CONTENT_TYPE, "application/json");
      message.setBody(answer.toString().getBytes(StandardCharsets.UTF_8));
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

  /** Who is asking. */
  private static String operator(Exchange exchange) {
    return exchange.getProperty("caller", "unknown", String.class);
  }

  private JsonNode answer(
      String operation,
      Map<String, String> parameters,
      @Nullable JsonNode body,
      String operator,
      Message message) {
    return switch (operation) {
      case "listDeadLetters" -> list(parameters, message);
      case "countDeadLetters" -> counts(parameters);
      case "getDeadLetter" ->
          store
              .get(parameters.getOrDefault("deadLetter", ""))
              .map(view::whole)
              .orElseThrow(
                  () ->
                      new ProblemException(
                          Kind.NOT_FOUND,
                          "There is no dead letter of this id, or it is not in MongoDB yet."));
      case "redriveDeadLetters" -> redrives.redrive(body(body), operator, message);
      case "discardDeadLetters" -> discard(body(body), operator);
      case "listRedrives" -> {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        var all = json.putArray("redrives");
        jobs.list(SHOWN_JOBS).forEach(j -> all.add(j.toJson()));
        yield json;
      }
      case "getRedrive" ->
          jobs.find(parameters.getOrDefault("redrive", ""))
              .orElseThrow(DeadLettersApi::noJob)
              .toJson();
      case "stopRedrive" -> stop(parameters.getOrDefault("redrive", ""), operator);
      default -> throw new IllegalArgumentException("No operation of dead letters: " + operation);
    };
  }

  private static JsonNode body(@Nullable JsonNode body) {
    return body == null ? JsonNodeFactory.instance.objectNode() : body;
  }

  private static ProblemException noJob() {
    return new ProblemException(Kind.NOT_FOUND, "There is no redrive of this id.");
  }

  private JsonNode list(Map<String, String> parameters, Message message) {
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
    if (letters.size() > limit) {
      String next = Cursor.behind(letters.get(limit - 1)).toText();
      json.put("next", next);
      Map<String, String> query = new LinkedHashMap<>(parameters);
      query.put("cursor", next);
      message.setHeader("Link", "<%s?%s>; rel=\"next\"".formatted(ROOT, encode(query)));
    }
    return json;
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
    Selection selection = Selection.of(body, store);
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
