package io.qanat.receipt;

import io.qanat.accept.Problem;
import io.qanat.accept.ProblemException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.Message;
import org.springframework.stereotype.Component;

/** Answers {@code /receipts}: what became of an event. */
@Component("receiptsApi")
public class ReceiptsApi {
  /** Questions wait for Kafka and MongoDB; they must not take the threads that accept events. */
  private static final int AT_ONCE = 64;

  private final Receipts receipts;
  private final Semaphore places = new Semaphore(AT_ONCE);

  ReceiptsApi(Receipts receipts) {
    this.receipts = receipts;
  }

  /** Answers one operation of the contract. */
  @Handler
  public void answer(Exchange exchange) {
    Map<?, ?> parameters = exchange.getProperty("parameters", Map.class);
    Receipt receipt = find((String) Objects.requireNonNull(parameters.get("receipt")));
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setHeader(
        "Cache-Control", receipt.state() == State.DELIVERED ? "max-age=3600" : "no-store");
    message.setBody(receipt.toJson());
  }

  private Receipt find(String receipt) {
    if (!places.tryAcquire()) {
      throw new ProblemException(
          Problem.Kind.UNAVAILABLE, "Too many ask for receipts at once. Ask again shortly.");
    }
    try {
      return receipts.find(receipt);
    } finally {
      places.release();
    }
  }
}
