package io.qanat.accept;

import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.Message;
import org.springframework.stereotype.Component;

/** The last step of publishing: answers 202 with the id of an event that Kafka has acknowledged. */
@Component("acceptance")
public class Acceptance {
  /** Makes the answer; the id holds nothing that JSON would have to escape. */
  @Handler
  public void answer(Exchange exchange) {
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, 202);
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setBody(
        ("{\"id\":\"" + exchange.getProperty(Envelope.EVENT_ID) + "\"}")
            .getBytes(StandardCharsets.UTF_8));
  }
}
