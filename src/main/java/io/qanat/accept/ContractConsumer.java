package io.qanat.accept;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.springboot.PlatformHttpMessage;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpConsumer;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.jspecify.annotations.Nullable;

/**
 * Takes a request to Camel and the answer back. The edge filter holds the body already, so a
 * message starts with that and the allowed headers and nothing else, and answers leave in one
 * piece; Camel's own binding copies every body and header twice and answers in chunks.
 */
final class ContractConsumer extends SpringBootPlatformHttpConsumer {
  /** The request attribute that holds the contract of the operation that is asked for. */
  static final String CONTRACT = Contract.class.getName();

  private final ContractDispatch dispatch;
  private final ProblemAnswer problemAnswer;
  private final HeaderFilterStrategy headers;
  private final String callerHeader;

  ContractConsumer(
      PlatformHttpEndpoint endpoint,
      Processor processor,
      ContractDispatch dispatch,
      ProblemAnswer problemAnswer,
      String callerHeader) {
    super(endpoint, processor, Runnable::run);
    this.dispatch = dispatch;
    this.problemAnswer = problemAnswer;
    this.callerHeader = callerHeader;
    headers = endpoint.getHeaderFilterStrategy();
  }

  @Override
  protected void handleService(HttpServletRequest request, HttpServletResponse response)
      throws Exception {
    if (isSuspended()) {
      response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      return;
    }
    Exchange exchange = createExchange(false);
    exchange.setPattern(ExchangePattern.InOut);
    read(request, response, exchange);
    createUoW(exchange);
    try {
      dispatch.dispatch((Contract) request.getAttribute(CONTRACT), exchange);
      if (exchange.getException() != null) {
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, exchange.getException());
        exchange.setException(null);
        problemAnswer.answer(exchange);
      }
      answer(exchange, response);
    } finally {
      doneUoW(exchange);
      releaseExchange(exchange, false);
    }
  }

  private void read(HttpServletRequest request, HttpServletResponse response, Exchange exchange) {
    Message message = new PlatformHttpMessage(request, response, exchange, null, true);
    exchange.setIn(message);
    for (String name : HeaderAllowList.INBOUND) {
      List<String> values = Collections.list(request.getHeaders(name));
      if (!values.isEmpty()) {
        message.setHeader(name, values.size() == 1 ? values.get(0) : values);
      }
    }
    String caller = caller(request);
    if (caller != null) {
      exchange.setProperty(ContractDispatch.CALLER, caller);
    }
    message.setBody(BoundedRequest.body(request));
    message.setHeader(Exchange.HTTP_METHOD, request.getMethod());
    message.setHeader(Exchange.HTTP_PATH, request.getRequestURI());
  }

  /** Who has logged in here, or else whom the gateway names. */
  private @Nullable String caller(HttpServletRequest request) {
    String user = request.getRemoteUser();
    return user != null || callerHeader.isEmpty() ? user : request.getHeader(callerHeader);
  }

  private void answer(Exchange exchange, HttpServletResponse response) throws IOException {
    Message message = exchange.getMessage();
    byte[] body = message.getBody(byte[].class);
    response.setStatus(
        message.getHeader(Exchange.HTTP_RESPONSE_CODE, body == null ? 204 : 200, Integer.class));
    String contentType = message.getHeader(Exchange.CONTENT_TYPE, String.class);
    if (contentType != null) {
      response.setContentType(contentType);
    }
    for (Map.Entry<String, Object> header : message.getHeaders().entrySet()) {
      if (!headers.applyFilterToCamelHeaders(header.getKey(), header.getValue(), exchange)) {
        response.setHeader(header.getKey(), String.valueOf(header.getValue()));
      }
    }
    if (body != null) {
      response.setContentLength(body.length);
      response.getOutputStream().write(body);
    }
  }
}
