package io.qanat.receipt;

import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.Message;
import org.springframework.stereotype.Component;

/** Answers {@code /receipts}: what became of an event. */
@Component("receiptsApi")
public class ReceiptsApi {
  private final Receipts receipts;

  ReceiptsApi(Receipts receipts) {
    this.receipts = receipts;
  }

  /** Answers one operation of the contract. */
  @Handler
  public void answer(Exchange exchange) {
    Map<?, ?> parameters = exchange.getProperty("parameters", Map.class);
    Receipt receipt = receipts.find((String) Objects.requireNonNull(parameters.get("receipt")));
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setHeader(
        "Cache-Control", receipt.state() == State.DELIVERED ? "max-age=3600" : "no-store");
    message.setBody(receipt.toJson());
  }
}
