package io.qanat.accept;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Tells as problems what Spring MVC refuses before a flow is reached: unknown paths and wrong
 * methods.
 */
@ControllerAdvice
class ProblemAdvice extends ResponseEntityExceptionHandler {
  @Override
  protected ResponseEntity<Object> handleExceptionInternal(
      Exception ex,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    Problem.Kind kind = Problem.Kind.of(status.value());
    String detail =
        switch (kind) {
          case NOT_FOUND -> "No flow of this hub has this path; /api shows those there are.";
          case METHOD_NOT_ALLOWED ->
              "Use one of the methods in the Allow header%s."
                  .formatted(
                      ex instanceof HttpRequestMethodNotSupportedException e
                              && e.getSupportedHttpMethods() != null
                          ? ": " + e.getSupportedHttpMethods()
                          : "");
          default -> "The request was refused.";
        };
    return ResponseEntity.status(kind.status())
        .headers(headers)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(new Problem(kind, detail).toJson());
  }
}
