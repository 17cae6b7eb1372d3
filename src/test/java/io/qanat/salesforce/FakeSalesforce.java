package io.qanat.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Answers as it was told to, and else accepts everything; remembers what it was asked. */
final class FakeSalesforce implements SalesforceApi {
  static final String ROOT = "/services/data/v62.0";

  /** A request as it came. */
  record Call(String method, String path, JsonNode body) {
    String line() {
      return method + " " + path;
    }

    List<String> values(String field) {
      return body.path("records").findValuesAsText(field);
    }
  }

  final List<Call> calls = new ArrayList<>();
  private final Deque<UnaryOperator<Answer>> script = new ArrayDeque<>();
  private final List<Predicate<JsonNode>> poison = new ArrayList<>();
  private final Map<String, String> rowErrors = new HashMap<>();
  private final Map<String, String> deleteAnswers = new HashMap<>();
  private String poisonAnswer = "";
  private List<String> schema =
      List.of("ExternalId__c", "FirstName", "LastName", "Email", "Phone", "MailingCity", "Title");
  private @Nullable String limitInfo;

  /** The next call is answered so, instead of as usual; its effect happens all the same. */
  FakeSalesforce then(int status, String body) {
    script.add(usual -> new Answer(status, body, limitInfo));
    return this;
  }

  FakeSalesforce thenAsUsual() {
    script.add(usual -> usual);
    return this;
  }

  FakeSalesforce thenLoginFails() {
    script.add(
        usual -> {
          throw new LoginFailed("invalid_client: refused", null);
        });
    return this;
  }

  /** A row that has this value anywhere is refused with these errors, for ever. */
  FakeSalesforce refuses(String value, String errors) {
    rowErrors.put(value, errors);
    return this;
  }

  FakeSalesforce refuses(String value, String code, String field) {
    return refuses(value, errors(code, "no: " + field, field));
  }

  FakeSalesforce accepts(String value) {
    rowErrors.remove(value);
    return this;
  }

  /** A request with such a record is refused as a whole. */
  FakeSalesforce chokesOn(Predicate<JsonNode> record, String code) {
    poison.add(record);
    poisonAnswer = "[{\"errorCode\":\"" + code + "\",\"message\":\"choked\"}]";
    return this;
  }

  FakeSalesforce schema(String... fields) {
    schema = List.of(fields);
    return this;
  }

  /** The delete by this id or key value is answered with an HTTP status and errors. */
  FakeSalesforce answersDelete(String idOrKey, int status, String errors) {
    deleteAnswers.put(idOrKey, status + " " + errors);
    return this;
  }

  FakeSalesforce usage(int used, int max) {
    limitInfo = "api-usage=" + used + "/" + max;
    return this;
  }

  static String errors(String code, String message, String... fields) {
    ObjectNode error = SalesforceErrors.JSON.createObjectNode();
    error.put("statusCode", code).put("message", message);
    ArrayNode names = error.putArray("fields");
    List.of(fields).forEach(names::add);
    return "[" + error + "]";
  }

  static String restError(String code, String message) {
    return "[{\"errorCode\":\"" + code + "\",\"message\":\"" + message + "\"}]";
  }

  @Override
  public String root() {
    return ROOT;
  }

  @Override
  public Answer request(String method, String path, byte @Nullable [] body) {
    JsonNode json;
    try {
      json =
          SalesforceErrors.JSON.readTree(
              body == null ? "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8) : body);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    Call call = new Call(method, path.substring(ROOT.length()), json);
    calls.add(call);
    Answer usual = usual(call);
    UnaryOperator<Answer> scripted = script.poll();
    return scripted == null ? usual : scripted.apply(usual);
  }

  private Answer usual(Call call) {
    if (call.path().endsWith("/describe")) {
      ObjectNode description = SalesforceErrors.JSON.createObjectNode();
      ArrayNode fields = description.putArray("fields");
      schema.forEach(name -> fields.addObject().put("name", name));
      return new Answer(200, description.toString(), limitInfo);
    }
    if (call.method().equals("PATCH")) {
      return upsert(call);
    }
    ArrayNode results = SalesforceErrors.JSON.createArrayNode();
    if (call.method().equals("DELETE")) {
      String ids = call.path().replaceAll(".*ids=([^&]*)&.*", "$1");
      for (String id : ids.split(",", -1)) {
        String told = deleteAnswers.get(id);
        ObjectNode result = results.addObject().put("id", id).put("success", told == null);
        result.set("errors", tree(told == null ? "[]" : told.substring(4)));
      }
      return new Answer(200, results.toString(), limitInfo);
    }
    for (JsonNode request : call.body().path("compositeRequest")) {
      String url = request.path("url").asText();
      String told = deleteAnswers.get(url.substring(url.lastIndexOf('/') + 1));
      ObjectNode result = results.addObject();
      result.put("httpStatusCode", told == null ? 204 : Integer.parseInt(told.substring(0, 3)));
      result.set("body", told == null ? null : tree(told.substring(4)));
      result.put("referenceId", request.path("referenceId").asText());
    }
    ObjectNode answer = SalesforceErrors.JSON.createObjectNode();
    answer.set("compositeResponse", results);
    return new Answer(200, answer.toString(), limitInfo);
  }

  private Answer upsert(Call call) {
    JsonNode records = call.body().path("records");
    for (JsonNode record : records) {
      if (poison.stream().anyMatch(p -> p.test(record))) {
        return new Answer(400, poisonAnswer, limitInfo);
      }
    }
    ArrayNode results = SalesforceErrors.JSON.createArrayNode();
    String keyField = call.path().substring(call.path().lastIndexOf('/') + 1);
    for (JsonNode record : records) {
      String errors = "[]";
      for (JsonNode value : record) {
        errors = rowErrors.getOrDefault(value.asText(), errors);
      }
      ObjectNode result = results.addObject().put("success", errors.equals("[]"));
      result.put("id", "id-" + record.path(keyField).asText());
      result.set("errors", tree(errors));
    }
    return new Answer(200, results.toString(), limitInfo);
  }

  private static JsonNode tree(String json) {
    try {
      return SalesforceErrors.JSON.readTree(json);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
