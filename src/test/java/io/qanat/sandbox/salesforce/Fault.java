package io.qanat.sandbox.salesforce;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A fault to play: which calls it hits, how often, and what it does to them. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Fault(
    @Nullable String path,
    @Nullable String method,
    String kind,
    @Nullable Integer nth,
    @Nullable Integer fromNth,
    @Nullable Integer times,
    @Nullable Double probability,
    @Nullable Long seed,
    @Nullable Integer status,
    @Nullable Long delayMs,
    @Nullable String when,
    @Nullable Integer retryAfter,
    @Nullable List<String> keys,
    @Nullable String errorCode,
    @Nullable String message,
    @Nullable String body,
    @Nullable String contentType) {

  private static final Set<String> KINDS =
      Set.of(
          "status",
          "unavailable",
          "rate-limit",
          "expired-token",
          "drop-after-commit",
          "drop-before",
          "empty-200",
          "delay",
          "row-lock",
          "limit");

  static Fault parse(String text) {
    Fault fault;
    try {
      fault = Json.MAPPER.treeToValue(Json.parseObject(text), Fault.class);
    } catch (JsonProcessingException e) {
      throw new ApiException(400, "INVALID_FAULT", e.getOriginalMessage());
    }
    if (fault.kind == null || !KINDS.contains(fault.kind)) {
      throw new ApiException(400, "INVALID_FAULT", "kind must be one of " + KINDS);
    }
    if (fault.when != null && !List.of("before", "after").contains(fault.when)) {
      throw new ApiException(400, "INVALID_FAULT", "when must be before or after");
    }
    try {
      fault.pattern();
    } catch (PatternSyntaxException e) {
      throw new ApiException(400, "INVALID_FAULT", e.getMessage());
    }
    return fault;
  }

  Pattern pattern() {
    return Pattern.compile(path == null ? "" : path);
  }

  /** Whether it is meant for such calls at all; a lock on named rows only hits calls with them. */
  boolean matches(Call call) {
    return (method == null || method.equalsIgnoreCase(call.method()))
        && pattern().matcher(String.join("/", call.segments())).find()
        && (keys == null || keys.stream().anyMatch(key -> names(call, key)));
  }

  Set<String> foldedKeys() {
    return keys == null ? Set.of() : keys.stream().map(Table::fold).collect(Collectors.toSet());
  }

  /** The answer that it gives in place of the org's. */
  Answer answer(boolean login) {
    return switch (kind) {
      case "unavailable" -> retryAfter(Answer.html(or(status, 503), "Service Unavailable"));
      case "rate-limit" ->
          retryAfter(error(login, 429, "REQUEST_LIMIT_EXCEEDED", "Too many requests"));
      case "limit" -> error(login, 403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
      case "empty-200" -> Answer.text(200, "application/json;charset=UTF-8", "");
      default -> retryAfter(error(login, 500, "UNKNOWN_EXCEPTION", "An unexpected error occurred"));
    };
  }

  private Answer error(boolean login, int usualStatus, String usualCode, String usualMessage) {
    int code = or(status, usualStatus);
    String name = errorCode == null ? usualCode : errorCode;
    String said = message == null ? usualMessage : message;
    if (body != null) {
      return Answer.text(code, contentType == null ? "text/html;charset=UTF-8" : contentType, body);
    }
    if (login) {
      ObjectNode error = Json.object().put("error", name).put("error_description", said);
      return Answer.json(code, error);
    }
    return Answer.error(code, name, said, List.of());
  }

  private Answer retryAfter(Answer answer) {
    if (retryAfter == null && !kind.equals("rate-limit")) {
      return answer;
    }
    return answer.with("Retry-After", String.valueOf(or(retryAfter, 1)));
  }

  private static int or(@Nullable Integer value, int usual) {
    return value == null ? usual : value;
  }

  private static boolean names(Call call, String key) {
    String folded = Table.fold(key);
    List<String> places = new ArrayList<>(call.segments());
    places.replaceAll(Table::fold);
    return places.contains(folded)
        || call.body().toLowerCase(Locale.ROOT).contains("\"" + folded + "\"");
  }

  JsonNode toJson() {
    return Json.MAPPER.valueToTree(this);
  }
}
