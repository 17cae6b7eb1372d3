package io.qanat.lint;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a flow's contract says. */
final class ContractChecks {
  private static final String OPERATION_ID = "[a-z][a-zA-Z0-9]*";
  private static final Set<HttpMethod> WITH_BODY =
      Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);
  private static final String PROBLEM = "application/problem+json";

  @FunctionalInterface
  private interface OperationCheck {
    void check(HttpMethod method, Operation operation, Yaml at);
  }

  private ContractChecks() {}

  static void valid(LintFile file, House house, Report report) {
    SwaggerParseResult result = parse(file);
    if (result.getMessages() != null) {
      result
          .getMessages()
          .forEach(message -> report.say(file.root(), "does not parse: " + message));
    }
  }

  static void name(LintFile file, House house, Report report) {
    if (!file.stem().equals(file.flow())) {
      report.say(1, "is called '%s'; call it %s.openapi.yaml", file.stem(), file.flow());
    }
  }

  static void operations(LintFile file, House house, Report report) {
    each(
        file,
        (method, operation, at) -> {
          String id = String.valueOf(operation.getOperationId());
          if (operation.getOperationId() == null || !id.matches(OPERATION_ID)) {
            report.say(at, "has %s with the operationId '%s'; write one in camelCase", method, id);
          }
          if (operation.getSummary() == null || operation.getSummary().isBlank()) {
            report.say(at, "has %s without a summary; write one sentence", id);
          }
        });
  }

  static void problems(LintFile file, House house, Report report) {
    OpenAPI api = parse(file).getOpenAPI();
    each(
        file,
        (method, operation, at) -> {
          Map<String, ApiResponse> responses = operation.getResponses();
          if (responses == null) {
            return;
          }
          String id = operation.getOperationId();
          if (WITH_BODY.contains(method) && !responses.containsKey("400")) {
            report.say(at, "takes a body in %s and declares no 400; add it", id);
          }
          responses.forEach(
              (status, response) -> {
                if (status.matches("[45].*") && !isProblem(response, api)) {
                  report.say(at, "answers %s in %s without %s; add it", status, id, PROBLEM);
                }
              });
        });
  }

  private static boolean isProblem(ApiResponse response, OpenAPI api) {
    @Nullable String reference = response.get$ref();
    ApiResponse resolved = response;
    if (reference != null && api.getComponents() != null) {
      String name = reference.substring(reference.lastIndexOf('/') + 1);
      resolved = api.getComponents().getResponses().getOrDefault(name, response);
    }
    return resolved.getContent() != null && resolved.getContent().containsKey(PROBLEM);
  }

  private static void each(LintFile file, OperationCheck check) {
    OpenAPI api = parse(file).getOpenAPI();
    if (api == null || api.getPaths() == null) {
      return;
    }
    api.getPaths()
        .forEach(
            (path, item) ->
                item.readOperationsMap()
                    .forEach(
                        (method, operation) ->
                            check.check(
                                method,
                                operation,
                                file.root()
                                    .at("paths", path, method.name().toLowerCase(Locale.ROOT)))));
  }

  private static SwaggerParseResult parse(LintFile file) {
    ParseOptions options = new ParseOptions();
    options.setResolve(true);
    return new OpenAPIV3Parser().readLocation(file.path().toUri().toString(), null, options);
  }
}
