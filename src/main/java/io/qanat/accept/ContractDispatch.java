package io.qanat.accept;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Route;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumerAware;
import org.apache.camel.component.platform.http.springboot.PlatformHttpMessage;
import org.apache.camel.component.rest.openapi.RestOpenapiProcessorStrategy;
import org.apache.camel.support.processor.RestBindingAdvice;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Hands a request that follows its contract to the flow's one route for it: {@code
 * direct:<flow>-accept-rest}, or {@code direct:<flow>-query-rest} for operations that the contract
 * gives that role.
 *
 * <p>The route sees the body as a JSON tree, joined with the path parameters, and the operation's
 * id and declared parameters as exchange properties ({@value #OPERATION}, {@value #PARAMETERS}),
 * which no client can set; {@value #CALLER} names who has logged in, or whom the gateway names, if
 * anybody. Camel's own strategy would want a route for every operation, so that a flow would no
 * longer be one file, and would build its validator anew for each request.
 */
@Component("contractDispatch")
class ContractDispatch implements RestOpenapiProcessorStrategy {
  static final String OPERATION = "operation";
  static final String PARAMETERS = "parameters";
  static final String QUERY = "query";
  static final String CALLER = "caller";

  // How long a request waits for a route that is being replaced, instead of Camel's 30 s.
  static final String RELOADED_WITHIN = "?timeout=2000";

  private final Contracts contracts;
  private final ProblemAnswer problemAnswer;
  private final CamelContext context;
  private final Map<String, AsyncProducer> routes = new HashMap<>();
  private @Nullable String missingOperation;

  ContractDispatch(Contracts contracts, ProblemAnswer problemAnswer, CamelContext context) {
    this.contracts = contracts;
    this.problemAnswer = problemAnswer;
    this.context = context;
  }

  @Override
  public void validateOpenApi(OpenAPI openApi, String basePath, PlatformHttpConsumerAware consumer)
      throws Exception {
    List<String> uris =
        context.getRoutes().stream()
            .map(Route::getEndpoint)
            .map(e -> e.getEndpointBaseUri())
            .toList();
    for (String route : contracts.routes()) {
      String uri = "direct://" + route;
      if (!uris.contains(uri)) {
        throw new IllegalStateException(
            "A contract has operations for direct:%s, but no route takes them from there"
                .formatted(route));
      }
      AsyncProducer producer = context.getEndpoint(uri + RELOADED_WITHIN).createAsyncProducer();
      ServiceHelper.startService(producer);
      routes.put(route, producer);
    }
    PlatformHttpComponent http = context.getComponent("platform-http", PlatformHttpComponent.class);
    openApi
        .getPaths()
        .forEach(
            (path, item) ->
                item.readOperationsMap()
                    .keySet()
                    .forEach(
                        verb ->
                            http.addHttpEndpoint(
                                path,
                                verb.name(),
                                null,
                                null,
                                consumer.getPlatformHttpConsumer())));
  }

  /** Has the route of its flow work on a request, or answers what its contract forbids. */
  void dispatch(Contract contract, Exchange exchange) {
    try {
      check(contract, exchange);
      Objects.requireNonNull(routes.get(contract.route())).process(exchange);
    } catch (Exception e) {
      // The contract's, or a route's that somebody has stopped.
      exchange.setProperty(Exchange.EXCEPTION_CAUGHT, e);
      problemAnswer.answer(exchange);
    }
  }

  /**
   * Never called: Spring has matched the path already, so {@link #dispatch} is told the operation.
   */
  @Override
  public boolean process(
      OpenAPI openApi,
      Operation operation,
      String verb,
      String path,
      RestBindingAdvice binding,
      Exchange exchange,
      AsyncCallback callback) {
    throw new UnsupportedOperationException("A request comes through dispatch");
  }

  private static void check(Contract contract, Exchange exchange) {
    HttpServletRequest request = ((PlatformHttpMessage) exchange.getMessage()).getRequest();
    contract.checkCaller(request.getUserPrincipal());
    contract.checkAccept(request.getHeader("Accept"));
    Map<String, String> path = contract.checkPath(request.getRequestURI());
    Map<String, String> parameters = new HashMap<>(contract.checkQuery(request.getParameterMap()));
    JsonNode body = contract.checkBody(request.getContentType(), BoundedRequest.body(request));
    Message message = exchange.getMessage();
    message.setBody(path.isEmpty() ? body : joined(body, path));
    parameters.putAll(path);
    exchange.setProperty(OPERATION, contract.operationId());
    exchange.setProperty(PARAMETERS, parameters);
    exchange.setProperty(QUERY, request.getQueryString());
  }

  /** The path parameters are fields of the body, or of each of its elements. */
  private static JsonNode joined(@Nullable JsonNode body, Map<String, String> path) {
    if (body instanceof ArrayNode several) {
      several.forEach(each -> joined(each, path));
      return several;
    }
    ObjectNode data =
        body instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    path.forEach(data::put);
    return data;
  }

  @Override
  public boolean processApiSpecification(
      String specificationUri, Exchange exchange, AsyncCallback callback) {
    exchange.getMessage().setBody(contracts.document());
    callback.done(true);
    return true;
  }

  @Override
  public void setMissingOperation(@Nullable String missingOperation) {
    this.missingOperation = missingOperation;
  }

  @Override
  public @Nullable String getMissingOperation() {
    return missingOperation;
  }

  @Override
  public void setMockIncludePattern(@Nullable String mockIncludePattern) {
    if (mockIncludePattern != null && !"fail".equals(missingOperation)) {
      throw new IllegalArgumentException("Qanat answers no mocks: set missingOperation to fail");
    }
  }

  @Override
  public @Nullable String getMockIncludePattern() {
    return null;
  }
}
