package io.qanat.salesforce;

import org.jspecify.annotations.Nullable;

/** The one thing the sink needs of Salesforce: an authenticated request, answered or not. */
interface SalesforceApi {
  /** Where the REST resources are, such as {@code /services/data/v62.0}. */
  String root();

  /**
   * Sends a request and waits for its answer.
   *
   * @param path below the host, percent-encoded
   * @param body JSON, or null for none
   * @return the answer, whatever its status; status 0 when nobody knows what became of the request
   * @throws LoginFailed when no session could be had, so that nothing was sent or it was refused
   */
  Answer request(String method, String path, byte @Nullable [] body);

  /**
   * What Salesforce answered.
   *
   * @param status the HTTP status, or 0 when the outcome is unknown
   * @param body the whole body, empty if there was none
   * @param limitInfo the header {@code Sforce-Limit-Info}, if it came
   */
  record Answer(int status, String body, @Nullable String limitInfo) {
    boolean ok() {
      return status >= 200 && status < 300;
    }
  }

  /** No session: the login is refused or away. */
  final class LoginFailed extends RuntimeException {
    LoginFailed(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
