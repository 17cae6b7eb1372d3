package io.qanat.accept;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.ValidationMessage;
import io.qanat.accept.Problem.Kind;
import io.qanat.accept.Problem.Violation;
import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;

/**
 * One operation of a flow's OpenAPI contract, ready to check requests.
 *
 * @param route the id of the route that works on it
 * @param operationId its id
 * @param path its path, with parameters
 * @param secured whether only somebody who has logged in may call it
 * @param consumes the media types of its body; empty if it takes none
 * @param bodyRequired whether there must be a body
 * @param body what a body must look like
 * @param parameters what the path and query parameters must look like, by name
 * @param requiredQuery the query parameters that must be there
 * @param defaults what a query parameter is if it is not there
 */
record Contract(
    String route,
    String operationId,
    PathPattern path,
    boolean secured,
    List<MediaType> consumes,
    boolean bodyRequired,
    @Nullable BodySchema body,
    Map<String, JsonSchema> parameters,
    Set<String> requiredQuery,
    Map<String, String> defaults) {

  private static final int MAX_VIOLATIONS = 20;

  /**
   * Refuses a caller who has not logged in where the contract wants it. The filters in front refuse
   * them too; this holds even if a path slips past those.
   */
  void checkCaller(@Nullable Principal caller) {
    if (secured && caller == null) {
      throw new ProblemException(Kind.UNAUTHORIZED, "Log in with HTTP Basic.");
    }
  }

  /** Refuses a request whose answer, always JSON, the caller would not accept. */
  void checkAccept(@Nullable String accept) {
    if (accept == null
        || accept.isEmpty()
        || accept.equals("*/*")
        || accept.equals(MediaType.APPLICATION_JSON_VALUE)) {
      return;
    }
    try {
      if (MediaType.parseMediaTypes(accept).stream()
          .anyMatch(t -> t.getQualityValue() > 0 && t.includes(MediaType.APPLICATION_JSON))) {
        return;
      }
    } catch (InvalidMediaTypeException e) {
      throw new ProblemException(
          Kind.BAD_REQUEST, "The Accept header is not a list of media types.");
    }
    throw new ProblemException(
        Kind.NOT_ACCEPTABLE, "Answers are application/json; send that, or no Accept header.");
  }

  /** The body as JSON, if it is what the contract asks for. */
  @Nullable JsonNode checkBody(@Nullable String contentType, byte[] bytes) {
    if (body == null || (bytes.length == 0 && !bodyRequired)) {
      return null;
    }
    MediaType sent = checkContentType(contentType);
    JsonNode node =
        MediaType.APPLICATION_NDJSON.isCompatibleWith(sent)
            ? StrictJson.readLines(bytes)
            : StrictJson.read(bytes);
    report(body.of(node), node, "#");
    return node;
  }

  private MediaType checkContentType(@Nullable String contentType) {
    try {
      if (contentType != null) {
        MediaType sent = MediaType.parseMediaType(contentType);
        boolean utf8 =
            sent.getCharset() == null
                || sent.getCharset().equals(java.nio.charset.StandardCharsets.UTF_8);
        if (utf8
            && consumes.stream().anyMatch(t -> t.isCompatibleWith(sent) && sent.isConcrete())) {
          return sent;
        }
      }
    } catch (InvalidMediaTypeException e) {
      // Named below like any other type that is not taken.
    }
    throw new ProblemException(
        Kind.UNSUPPORTED_MEDIA_TYPE,
        "Send the body as %s in UTF-8.".formatted(MediaType.toString(consumes)));
  }

  /** The path parameters, decoded and checked. */
  Map<String, String> checkPath(String rawPath) {
    var match = path.matchAndExtract(PathContainer.parsePath(rawPath));
    Map<String, String> values = match == null ? Map.of() : match.getUriVariables();
    values.forEach(this::checkParameter);
    return values;
  }

  /** The declared query parameters, checked; undeclared ones are not seen by any flow. */
  Map<String, String> checkQuery(Map<String, String[]> query) {
    for (String name : requiredQuery) {
      if (!query.containsKey(name)) {
        throw violation(name, "is required");
      }
    }
    Map<String, String> values = new LinkedHashMap<>(defaults);
    query.forEach(
        (name, value) -> {
          if (parameters.containsKey(name)) {
            if (value.length != 1) {
              throw violation(name, "must be given once");
            }
            checkParameter(name, value[0]);
            values.put(name, value[0]);
          }
        });
    return values;
  }

  private void checkParameter(String name, String value) {
    JsonSchema schema = parameters.get(name);
    if (schema != null) {
      if (value.indexOf('\0') >= 0) {
        throw violation(name, "must not hold the character U+0000");
      }
      report(schema, ParameterValue.parse(value, schema), name);
    }
  }

  private static ProblemException violation(String pointer, String detail) {
    return new ProblemException(
        new Problem(
            Kind.CONTRACT_VIOLATION,
            "The parameter %s %s.".formatted(pointer, detail),
            List.of(new Violation(pointer, detail))));
  }

  /** Refuses what does not follow the schema, with everything that is wrong with it. */
  static void report(JsonSchema schema, JsonNode node, String root) {
    Set<ValidationMessage> messages = schema.validate(node);
    if (!messages.isEmpty()) {
      List<Violation> violations =
          messages.stream().limit(MAX_VIOLATIONS).map(m -> violation(m, root)).toList();
      throw new ProblemException(
          new Problem(
              Kind.CONTRACT_VIOLATION,
              "%d thing%s in the request %s not as the contract wants; see errors."
                  .formatted(
                      messages.size(),
                      messages.size() == 1 ? "" : "s",
                      messages.size() == 1 ? "is" : "are"),
              violations));
    }
  }

  private static Violation violation(ValidationMessage m, String root) {
    String at = m.getInstanceLocation().toString();
    return switch (m.getType()) {
      case "required" ->
          new Violation(
              root + at + "/" + token(m.getProperty()),
              m.getEvaluationPath().toString().contains("/anyOf/")
                  ? "is required, unless another field named here is given"
                  : "is required");
      case "additionalProperties" ->
          new Violation(root + at + "/" + token(m.getProperty()), "is not part of the contract");
      default -> new Violation(root + at, m.getMessage().substring(prefix(m, at)));
    };
  }

  private static String token(String property) {
    return property.replace("~", "~0").replace("/", "~1");
  }

  /** The validator's messages begin with the place, which the pointer tells already. */
  private static int prefix(ValidationMessage m, String at) {
    String prefix = at + ": ";
    return m.getMessage().startsWith(prefix) ? prefix.length() : 0;
  }
}
