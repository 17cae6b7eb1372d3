package io.qanat.accept;

import java.util.Locale;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.springboot.PlatformHttpMessage;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.springframework.stereotype.Component;

/**
 * Lets only known headers through the edge, in either direction. Everything else stays outside, so
 * that no caller can set a topic, a key, an operation or a method through a header or a query
 * parameter that Camel would obey (CVE-2025-27636, CVE-2025-29891).
 */
@Component("headerAllowList")
class HeaderAllowList implements HeaderFilterStrategy {
  static final Set<String> INBOUND =
      Set.of("idempotency-key", "prefer", "traceparent", "tracestate");
  private static final Set<String> OUTBOUND =
      Set.of(
          "location",
          "retry-after",
          "allow",
          "etag",
          "link",
          "cache-control",
          "preference-applied");

  @Override
  public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
    // Query parameters are offered too; flows get the declared ones from the contract instead.
    return !INBOUND.contains(name.toLowerCase(Locale.ROOT))
        || !(exchange.getMessage() instanceof PlatformHttpMessage http)
        || http.getRequest().getHeader(name) == null
        || http.getRequest().getParameter(name) != null;
  }

  @Override
  public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
    return !OUTBOUND.contains(name.toLowerCase(Locale.ROOT));
  }
}
