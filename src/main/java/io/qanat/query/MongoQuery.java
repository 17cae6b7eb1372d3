package io.qanat.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.MongoException;
import com.mongodb.client.MongoDatabase;
import io.qanat.KameletBean;
import io.qanat.accept.ApiCall;
import io.qanat.accept.Problem;
import io.qanat.accept.Problem.Kind;
import io.qanat.accept.Problem.Violation;
import io.qanat.accept.ProblemException;
import io.qanat.cache.ReadCache;
import io.qanat.cache.ReadCaches;
import io.qanat.deliver.MappingDocument;
import io.qanat.mongodb.DocumentQuery;
import io.qanat.mongodb.DocumentQuery.Page;
import io.qanat.mongodb.DocumentQuery.ParameterException;
import io.qanat.mongodb.FoundDocument;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.Message;
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
 * waited for, because its event may be on its way. One that a cache keeps is not asked for.
 */
public class MongoQuery extends KameletBean {
  private static final Logger LOG = LoggerFactory.getLogger(MongoQuery.class);

  private String query = "";
  private boolean one;
  private String cache = "";
  private @Nullable DocumentQuery documents;
  private @Nullable ReadCache kept;

  /** Reads the query. */
  public void start() {
    CamelContext context = camel();
    documents = DocumentQuery.read(MappingDocument.load(context, query));
    if (!cache.isEmpty()) {
      if (!one) {
        throw new IllegalArgumentException(
            "%s is asked with cache: %s, which takes one: \"true\"; lists change"
                .formatted(query, cache));
      }
      kept = bean(ReadCaches.class).named(cache);
    }
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
      Message message = exchange.getMessage();
      if (one) {
        answer(message, one(parameters).json());
      } else {
        write(message, call, documents().find(database(), parameters));
      }
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

  /** One that is not there is not remembered: it may come. */
  private FoundDocument one(ObjectNode parameters) {
    if (kept == null) {
      return ask(parameters);
    }
    String key = documents().key(database(), parameters);
    return kept.get(key)
        .flatMap(FoundDocument::read)
        .orElseGet(
            () -> {
              FoundDocument found = ask(parameters);
              kept.put(key, found.bytes());
              return found;
            });
  }

  private FoundDocument ask(ObjectNode parameters) {
    return FreshId.await(
            parameters,
            () -> documents().find(database(), parameters).documents().stream().findFirst(),
            Optional::isPresent)
        .orElseThrow(() -> new ProblemException(Kind.NOT_FOUND, "There is nothing with this id."));
  }

  private DocumentQuery documents() {
    return Objects.requireNonNull(documents);
  }

  private MongoDatabase database() {
    return bean(MongoDatabase.class);
  }

  private static ObjectNode parameters(Message message, ApiCall call) {
    ObjectNode parameters = JsonNodeFactory.instance.objectNode();
    if (message.getBody() instanceof ObjectNode body) {
      parameters.setAll(body);
    }
    call.parameters().forEach(parameters::put);
    return parameters;
  }

  private static void write(Message message, ApiCall call, Page page) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    page.documents().forEach(document -> array.add(document.json()));
    answer(message, array);
    page.next().ifPresent(n -> message.setHeader("Link", call.link("next", n.after(), n.place())));
  }

  private static void answer(Message message, JsonNode body) {
    message.removeHeaders("*");
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setBody(body);
  }

  /** Where the query is, such as {@code file:routes/orders/queries/order.query.yaml}. */
  public void setQuery(String query) {
    this.query = query;
  }

  /** Whether one document is asked for, by its id. */
  public void setOne(boolean one) {
    this.one = one;
  }

  /** The cache that keeps what was found, for documents that do not change; empty for none. */
  public void setCache(String cache) {
    this.cache = cache;
  }
}
