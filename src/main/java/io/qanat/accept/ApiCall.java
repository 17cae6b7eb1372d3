package io.qanat.accept;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * A request to the hub's own API, as a bean sees it that answers for a part of it.
 *
 * @param operation the contract's id of the operation
 * @param parameters the declared path and query parameters
 * @param caller the name of who has logged in; null if nobody has
 */
public record ApiCall(String operation, Map<String, String> parameters, @Nullable String caller) {

  /** Reads what the dispatch has left on the exchange. */
  @SuppressWarnings("unchecked")
  public static ApiCall of(Exchange exchange) {
    return new ApiCall(
        exchange.getProperty(ContractDispatch.OPERATION, String.class),
        exchange.getProperty(ContractDispatch.PARAMETERS, Map.of(), Map.class),
        exchange.getProperty(ContractDispatch.CALLER, String.class));
  }

  /** Answers with a JSON body. */
  public static void answer(Exchange exchange, int status, JsonNode body) {
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setBody(body.toString().getBytes(StandardCharsets.UTF_8));
  }
}
