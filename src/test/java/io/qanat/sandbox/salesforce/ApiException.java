package io.qanat.sandbox.salesforce;

import java.util.List;

/** Ends a request with an answer in the API's error shape. */
final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Answer answer;

  ApiException(int status, String code, String message, String... fields) {
    this(Answer.error(status, code, message, List.of(fields)), message);
  }

  ApiException(Answer answer, String message) {
    super(message);
    this.answer = answer;
  }

  Answer answer() {
    return answer;
  }

  static ApiException notFound() {
    return new ApiException(404, "NOT_FOUND", "The requested resource does not exist");
  }

  static ApiException invalidSession() {
    return new ApiException(401, "INVALID_SESSION_ID", "Session expired or invalid");
  }

  static ApiException methodNotAllowed(String method, String allowed) {
    String message = "HTTP Method '" + method + "' not allowed. Allowed are " + allowed;
    Answer answer =
        Answer.error(405, "METHOD_NOT_ALLOWED", message, List.of()).with("Allow", allowed);
    return new ApiException(answer, message);
  }
}
