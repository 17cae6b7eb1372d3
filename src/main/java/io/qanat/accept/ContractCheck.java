package io.qanat.accept;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Handler;
import org.apache.camel.support.CamelContextHelper;
import org.jspecify.annotations.Nullable;

/**
 * The step that checks what did not come over REST against a schema of the contracts, so that there
 * is one place that says what an event must look like.
 */
public class ContractCheck implements CamelContextAware {
  private @Nullable CamelContext camelContext;
  private String schema = "";
  private @Nullable BodySchema compiled;

  /** The name of the schema among the components of the contracts. */
  public void setSchema(String schema) {
    this.schema = schema;
  }

  /**
   * Lets through what follows the contract.
   *
   * @throws ProblemException that says what does not
   */
  @Handler
  public JsonNode check(JsonNode body) {
    BodySchema known = compiled;
    if (known == null) {
      known =
          CamelContextHelper.findSingleByType(Objects.requireNonNull(camelContext), Contracts.class)
              .component(schema);
      compiled = known;
    }
    Contract.report(known.of(body), body, "#");
    return body;
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
