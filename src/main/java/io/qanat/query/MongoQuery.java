package io.qanat.query;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.MongoException;
import com.mongodb.client.MongoDatabase;
import io.qanat.accept.ApiCall;
import io.qanat.accept.Problem;
import io.qanat.accept.Problem.Kind;
import io.qanat.accept.Problem.Violation;
import io.qanat.accept.ProblemException;
import io.qanat.deliver.MappingDocument;
import io.qanat.mongodb.DocumentQuery;
import io.qanat.mongodb.DocumentQuery.Page;
import io.qanat.mongodb.DocumentQuery.ParameterException;
import java.util.List;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.Message;
import org.apache.camel.support.CamelContextHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step of a query route that finds documents. The query's parameters are the request's: of the
 * path, of the query, and the fields of the body.
 *
 * <p>The body becomes an array of what was found, which the next step makes an answer of; if the
 * list goes on, the header {@code Link} leads to its next page. Where one document is asked for,
 * the body becomes that one, or the answer is 404; an id that the hub has given a moment ago is
 * waited for, because its event may be on its way.
 */
public class MongoQuery implements CamelContextAware {
  private static final Logger LOG = LoggerFactory.getLogger(MongoQuery.class);

  private @Nullable CamelContext camelContext;
  private String query = "";
  private boolean one;
  private @Nullable DocumentQuery documents;

  /** Reads the query. */
  public void start() {
    documents =
        DocumentQuery.read(MappingDocument.load(Objects.requireNonNull(camelContext), query));
  }

  /**
   * Finds what the request asks for.
   *
   * @throws ProblemException where there is nothing, or MongoDB does not answer
   */
  @Handler
  public void find(Exchange exchange) {
    ApiCall call = ApiCall.of(exchange);
    ObjectNode parameters = parameters(exchange.getMessage(), call);
    try {
      Page page =
          one
              ? FreshId.await(parameters, () -> find(parameters), p -> !p.documents().isEmpty())
              : find(parameters);
      write(exchange.getMessage(), call, page);
    } catch (ParameterException e) {
      String reason = String.valueOf(e.getMessage());
      throw new ProblemException(
          new Problem(
              Kind.CONTRACT_VIOLATION,
              "The parameter %s %s.".formatted(e.parameter(), reason),
              List.of(new Violation(e.parameter(), reason))));
    } catch (MongoException e) {
      LOG.warn("MongoDB did not answer {}: {}", query, e.getClass().getSimpleName());
      LOG.debug("MongoDB's error", e);
      throw new ProblemException(
          Kind.UNAVAILABLE, "The database cannot be asked at the moment. Ask again shortly.");
    }
  }

  private Page find(ObjectNode parameters) {
    MongoDatabase database =
        CamelContextHelper.findSingleByType(
            Objects.requireNonNull(camelContext), MongoDatabase.class);
    return Objects.requireNonNull(documents).find(database, parameters);
  }

  private static ObjectNode parameters(Message message, ApiCall call) {
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    if (message.getBody() instanceof ObjectNode body) {
      parameters.setAll(body);
    }
    call.parameters().forEach(parameters::put);
    return parameters;
  }

  private void write(Message message, ApiCall call, Page page) {
    message.removeHeaders("*");
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    if (!one) {
      page.next()
          .ifPresent(n -> message.setHeader("Link", call.link("next", n.after(), n.place())));
      message.setBody(JsonNodeFactory.instance.arrayNode().addAll(page.documents()));
    } else if (page.documents().isEmpty()) {
      throw new ProblemException(Kind.NOT_FOUND, "There is nothing with this id.");
    } else {
      message.setBody(page.documents().get(0));
    }
  }

  /** Where the query is, such as {@code file:routes/orders/queries/order.query.yaml}. */
  public void setQuery(String query) {
    this.query = query;
  }

  /** Whether one document is asked for, by its id. */
  public void setOne(boolean one) {
    this.one = one;
  }

  @Override
  public void setCamelContext(CamelContext camelContext) {
    this.camelContext = camelContext;
  }

  @Override
  public @Nullable CamelContext getCamelContext() {
    return camelContext;
  }
}
