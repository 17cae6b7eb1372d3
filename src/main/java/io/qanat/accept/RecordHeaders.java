package io.qanat.accept;

import org.apache.camel.Exchange;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.springframework.stereotype.Component;

/**
 * What crosses between Camel messages and Kafka records: outwards only the envelope, inwards
 * nothing, because records of other producers are as untrusted as requests. (Delivery reads the
 * envelope from the raw record.)
 */
@Component("recordHeaders")
class RecordHeaders implements HeaderFilterStrategy {
  @Override
  public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
    return !(name.startsWith("ce_")
        || name.equals("content-type")
        || name.equals("traceparent")
        || name.equals("tracestate"));
  }

  @Override
  public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
    return true;
  }
}
