package io.qanat.sandbox.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code /composite}: up to 25 calls in one, which may refer to each other's results. */
final class CompositeResource {
  private static final Pattern REFERENCE = Pattern.compile("@\\{(\\w+)([^}]*)}");
  private static final Pattern STEP = Pattern.compile("\\.(\\w+)|\\[(\\d+)]");
  private static final Pattern COLLECTION =
      Pattern.compile("/services/data/v[\\d.]+/+(composite/+sobjects|query|sobjects/*$).*");
  private static final int MOST = 25;
  private static final int MOST_COLLECTIONS = 5;

  private record Part(String method, String url, String reference, JsonNode body) {}

  private final RestApi api;

  CompositeResource(RestApi api) {
    this.api = api;
  }

  Answer handle(Call call, Transaction tx) {
    if (!call.method().equals("POST")) {
      throw ApiException.methodNotAllowed(call.method(), "POST");
    }
    ObjectNode body = Json.parseObject(call.body());
    List<Part> parts = parts(body);
    boolean allOrNone = body.path("allOrNone").asBoolean();
    int mark = tx.mark();
    Map<String, JsonNode> results = new HashMap<>();
    List<Answer> answers = new ArrayList<>();
    boolean halted = false;
    for (Part part : parts) {
      Answer answer = halted && allOrNone ? halted("rolled back") : serve(call, part, results, tx);
      halted |= answer.status() >= 400;
      if (answer.status() < 400 && answer.json() != null) {
        results.put(part.reference(), answer.json());
      }
      answers.add(answer);
    }
    if (halted && allOrNone) {
      tx.rollbackTo(mark);
      answers.replaceAll(answer -> answer.status() < 400 ? halted("rolled back") : answer);
    }
    return Answer.ok(response(parts, answers));
  }

  private static List<Part> parts(ObjectNode body) {
    if (!(body.get("compositeRequest") instanceof ArrayNode requests) || requests.isEmpty()) {
      throw Json.parserError("The compositeRequest is missing or empty");
    }
    List<Part> parts = new ArrayList<>();
    Set<String> references = new HashSet<>();
    int collections = 0;
    for (JsonNode node : requests) {
      Part part =
          new Part(
              node.path("method").asText(),
              node.path("url").asText(),
              node.path("referenceId").asText(),
              node.path("body"));
      if (!part.reference().matches("[A-Za-z]\\w*") || !references.add(part.reference())) {
        throw new ApiException(
            400, "INVALID_INPUT", "Invalid or repeated referenceId: '" + part.reference() + "'");
      }
      collections += COLLECTION.matcher(part.url()).matches() ? 1 : 0;
      parts.add(part);
    }
    if (parts.size() > MOST || collections > MOST_COLLECTIONS) {
      throw new ApiException(
          400,
          "LIMIT_EXCEEDED",
          "At most 25 subrequests are allowed, and 5 of them query or collection operations");
    }
    return parts;
  }

  private Answer serve(Call call, Part part, Map<String, JsonNode> results, Transaction tx) {
    int mark = tx.mark();
    try {
      String url = replace(part.url(), results);
      String prefix = "/services/data/" + call.version() + "/";
      if (!url.startsWith(prefix) || url.matches(".*/composite/*(\\?.*)?")) {
        throw new ApiException(400, "INVALID_INPUT", "Invalid subrequest url: " + url);
      }
      JsonNode sent = replace(part.body(), results);
      Map<String, String> headers = Map.of("Content-Type", "application/json");
      return api.dispatch(
          Call.of(part.method(), url, headers, sent.isMissingNode() ? "" : Json.write(sent)), tx);
    } catch (ApiException e) {
      tx.rollbackTo(mark);
      return e.answer();
    }
  }

  private static Answer halted(String why) {
    return Answer.error(
        400,
        "PROCESSING_HALTED",
        "The transaction was " + why + " since another operation in the same transaction failed.",
        List.of());
  }

  private static ObjectNode response(List<Part> parts, List<Answer> answers) {
    ObjectNode response = Json.object();
    ArrayNode list = response.putArray("compositeResponse");
    for (int i = 0; i < parts.size(); i++) {
      Answer answer = answers.get(i);
      ObjectNode node = list.addObject();
      node.set("body", answer.json());
      ObjectNode headers = node.putObject("httpHeaders");
      answer.headers().forEach(headers::put);
      node.put("httpStatusCode", answer.status()).put("referenceId", parts.get(i).reference());
    }
    return response;
  }

  private static JsonNode replace(JsonNode node, Map<String, JsonNode> results) {
    if (node.isTextual()) {
      return TextNode.valueOf(replace(node.textValue(), results));
    }
    if (node instanceof ObjectNode object) {
      ObjectNode copy = Json.object();
      object.properties().forEach(e -> copy.set(e.getKey(), replace(e.getValue(), results)));
      return copy;
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = Json.array();
      array.forEach(each -> copy.add(replace(each, results)));
      return copy;
    }
    return node;
  }

  private static String replace(String text, Map<String, JsonNode> results) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            found -> {
              JsonNode value = walk(results.get(found.group(1)), found.group(2));
              if (!value.isValueNode() || value.isNull()) {
                throw new ApiException(
                    400,
                    "PROCESSING_HALTED",
                    "Invalid reference specified. No value for %s found in %s"
                        .formatted(found.group(1) + found.group(2), found.group(1)));
              }
              return Matcher.quoteReplacement(value.asText());
            });
  }

  private static JsonNode walk(@Nullable JsonNode from, String path) {
    JsonNode node = from == null ? MissingNode.getInstance() : from;
    Matcher step = STEP.matcher(path);
    while (step.find()) {
      node =
          step.group(1) == null
              ? node.path(Integer.parseInt(step.group(2)))
              : node.path(step.group(1));
    }
    return node;
  }
}
