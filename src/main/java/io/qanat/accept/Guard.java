package io.qanat.accept;

import java.util.Locale;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.springframework.stereotype.Component;

/**
 * The first step of every accept route: leaves only the allowed headers on the message, whatever
 * brought it here, so that nothing a caller sent can steer a component further down.
 */
@Component("guard")
public class Guard {
  /** Removes every header that is not on the allow-list. */
  @Handler
  public void guard(Exchange exchange) {
    exchange
        .getMessage()
        .getHeaders()
        .keySet()
        .removeIf(name -> !HeaderAllowList.INBOUND.contains(name.toLowerCase(Locale.ROOT)));
  }
}
