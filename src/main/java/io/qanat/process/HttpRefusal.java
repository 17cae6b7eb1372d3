package io.qanat.process;

import io.qanat.deliver.RefusedException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.Message;

/**
 * The step behind a call over HTTP that ends it where the reply is no answer, nor will be: the
 * event is refused.
 */
public class HttpRefusal {
  private String code = "";
  private List<Integer> answers = List.of();

  /** What the codes of failures begin with, in SCREAMING_SNAKE, such as {@code PAYMENT}. */
  public void setCode(String code) {
    this.code = code;
  }

  /** The statuses beside 2xx that are answers, with commas between them. */
  public void setAnswers(String answers) {
    this.answers = Stream.of(answers.split(",")).map(Integer::valueOf).toList();
  }

  /**
   * Leaves nothing of an answer but its body.
   *
   * @throws RefusedException if the reply is none
   */
  @Handler
  public void check(Exchange exchange) throws RefusedException {
    Message message = exchange.getMessage();
    int status = message.getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
    message.removeHeaders("*");
    if ((status < 200 || status >= 300) && !answers.contains(status)) {
      throw new RefusedException(
          "%s_HTTP_%d".formatted(code, status), "the reply was %d".formatted(status), List.of());
    }
  }
}
