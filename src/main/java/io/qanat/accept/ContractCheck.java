package io.qanat.accept;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.KameletBean;
import org.apache.camel.Handler;
import org.jspecify.annotations.Nullable;

/**
 * The step that checks what did not come over REST against a schema of the contracts, so that there
 * is one place that says what an event must look like.
 */
public class ContractCheck extends KameletBean {
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
      known = bean(Contracts.class).component(schema);
      compiled = known;
    }
    Contract.report(known.of(body), body, "#");
    return body;
  }
}
