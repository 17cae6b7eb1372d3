package io.qanat.accept;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * A request to the hub's own API, as a bean sees it that answers for a part of it.
 *
 * @param operation the contract's id of the operation
 * @param parameters the declared path and query parameters
 * @param query the query of the request as it came, without the question mark; null without one
 * @param caller the name of who has logged in; null if nobody has
 */
public record ApiCall(
    String operation,
    Map<String, String> parameters,
    @Nullable String query,
    @Nullable String caller) {

  /** Reads what the dispatch has left on the exchange. */
  @SuppressWarnings("unchecked")
  public static ApiCall of(Exchange exchange) {
    return new ApiCall(
        exchange.getProperty(ContractDispatch.OPERATION, String.class),
        exchange.getProperty(ContractDispatch.PARAMETERS, Map.of(), Map.class),
        exchange.getProperty(ContractDispatch.QUERY, String.class),
        exchange.getProperty(ContractDispatch.CALLER, String.class));
  }

  /**
   * The value of a {@code Link} header for the same request with one query parameter changed.
   *
   * @param relation what is there, such as {@code next}
   * @see <a href="https://www.rfc-editor.org/rfc/rfc8288">RFC 8288, Web Linking</a>
   */
  public String link(String relation, String parameter, String value) {
    String name = URLEncoder.encode(parameter, StandardCharsets.UTF_8) + "=";
    String others =
        query == null
            ? ""
            : Arrays.stream(query.split("&"))
                .filter(part -> !part.isEmpty() && !part.startsWith(name))
                .map(part -> part + "&")
                .collect(Collectors.joining());
    return "<?%s%s%s>; rel=\"%s\""
        .formatted(others, name, URLEncoder.encode(value, StandardCharsets.UTF_8), relation);
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
