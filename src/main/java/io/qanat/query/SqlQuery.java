package io.qanat.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.KameletBean;
import io.qanat.accept.ApiCall;
import io.qanat.accept.Problem;
import io.qanat.accept.Problem.Kind;
import io.qanat.accept.Problem.Violation;
import io.qanat.accept.ProblemException;
import io.qanat.postgis.Databases;
import io.qanat.postgis.NamedSql;
import io.qanat.postgis.PostgresErrors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.Message;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step of a query route that answers with what one SQL statement gives. The statement's
 * parameters are the request's, by name: of the path, of the query, and the fields of the body.
 *
 * <p>Of the first row, {@code body} is the answer's JSON, {@code status} its status, and any other
 * column a header. Without a row the answer is 404. A statement refuses a parameter by raising
 * {@value #REFUSED} with the reason as message and the parameter as hint.
 */
public class SqlQuery extends KameletBean {
  private static final Logger LOG = LoggerFactory.getLogger(SqlQuery.class);
  private static final String REFUSED = "QA400";

  private String flow = "";
  private String statement = "";
  private @Nullable NamedSql sql;

  /** Reads the statement. */
  public void start() {
    try (var in = ResourceHelper.resolveMandatoryResourceAsInputStream(camel(), statement)) {
      sql = new NamedSql(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the statement " + statement, e);
    }
  }

  /**
   * Answers the request.
   *
   * @throws ProblemException where there is nothing, or PostgreSQL does not answer
   */
  @Handler
  public void answer(Exchange exchange) {
    Databases databases = bean(Databases.class);
    Map<String, String> parameters = parameters(exchange);
    try (Connection connection = databases.connect(flow);
        var prepared = Objects.requireNonNull(sql).prepare(connection, parameters);
        ResultSet result = prepared.executeQuery()) {
      if (!result.next()) {
        throw new ProblemException(Kind.NOT_FOUND, "There is nothing with this id.");
      }
      write(exchange.getMessage(), result);
    } catch (SQLException e) {
      throw problem(e);
    }
  }

  private static Map<String, String> parameters(Exchange exchange) {
    Map<String, String> parameters = new HashMap<>();
    if (exchange.getMessage().getBody() instanceof ObjectNode body) {
      for (Map.Entry<String, JsonNode> field : body.properties()) {
        JsonNode value = field.getValue();
        if (!value.isNull()) {
          parameters.put(field.getKey(), value.isValueNode() ? value.asText() : value.toString());
        }
      }
    }
    parameters.putAll(ApiCall.of(exchange).parameters());
    return parameters;
  }

  private static void write(Message message, ResultSet result) throws SQLException {
    message.removeHeaders("*");
    message.setBody(null);
    ResultSetMetaData columns = result.getMetaData();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      String value = result.getString(i);
      if (value != null) {
        switch (columns.getColumnLabel(i)) {
          case "body" -> {
            message.setHeader(Exchange.CONTENT_TYPE, "application/json");
            message.setBody(value.getBytes(StandardCharsets.UTF_8));
          }
          case "status" -> message.setHeader(Exchange.HTTP_RESPONSE_CODE, result.getInt(i));
          default -> message.setHeader(columns.getColumnLabel(i), value);
        }
      }
    }
  }

  private RuntimeException problem(SQLException e) {
    if (PostgresErrors.state(e).equals(REFUSED)) {
      String parameter = PostgresErrors.hint(e);
      String reason = String.valueOf(PostgresErrors.message(e));
      return new ProblemException(
          new Problem(
              Kind.CONTRACT_VIOLATION,
              "The parameter %s %s.".formatted(parameter, reason),
              List.of(new Violation(parameter, reason))));
    }
    if (PostgresErrors.isTimeout(e)) {
      LOG.warn("{} took too long: {}", statement, PostgresErrors.words(e));
      return new ProblemException(
          Kind.UNAVAILABLE, "This took too long to find. Ask for less, or again later.");
    }
    if (PostgresErrors.isOfValue(e)) {
      LOG.debug("{} was given what it cannot use: {}", statement, PostgresErrors.words(e));
      return new ProblemException(
          Kind.BAD_REQUEST, "A value of the request is none that can be used here.");
    }
    if (PostgresErrors.isOutage(e)) {
      LOG.warn("PostgreSQL did not answer {}: {}", statement, PostgresErrors.words(e));
      return new ProblemException(
          Kind.UNAVAILABLE, "The database cannot be asked at the moment. Ask again shortly.");
    }
    return new IllegalStateException(
        "The statement %s failed: %s".formatted(statement, PostgresErrors.words(e)), e);
  }

  /** The flow, whose schema the statement works in. */
  public void setFlow(String flow) {
    this.flow = flow;
  }

  /** Where the statement is, such as {@code file:routes/locations/queries/x.sql}. */
  public void setStatement(String statement) {
    this.statement = statement;
  }
}
