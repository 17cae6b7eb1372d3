package io.qanat.process;

import io.qanat.deliver.UnavailableException;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;

/**
 * The step behind a call over HTTP that says of some replies that the same call may succeed later;
 * it stands with the call in a circuit breaker, which counts these as failures.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-status-codes">RFC 9110, Status
 *     Codes</a>
 */
public class HttpOutage {
  // Timeout, conflict with the same call that still runs, too early, and too many.
  private static final List<Integer> LATER = List.of(408, 409, 425, 429);

  private String code = "";

  /** What the codes of failures begin with, in SCREAMING_SNAKE, such as {@code PAYMENT}. */
  public void setCode(String code) {
    this.code = code;
  }

  /**
   * Lets every other reply through.
   *
   * @throws UnavailableException if the call may succeed later
   */
  @Handler
  public void check(Exchange exchange) {
    int status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
    if (status >= 500 || LATER.contains(status)) {
      throw new UnavailableException(
          code + "_UNAVAILABLE", "the reply was %d, and may be another later".formatted(status));
    }
  }
}
