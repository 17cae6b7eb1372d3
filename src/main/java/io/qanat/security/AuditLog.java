package io.qanat.security;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log {@value #NAME}: a line for everything that an operator has the hub do. */
public final class AuditLog {
  private static final String NAME = "io.qanat.audit";
  private static final Logger LOG = LoggerFactory.getLogger(NAME);

  private AuditLog() {}

  /**
   * Logs what somebody did, as JSON, so that no text in it can pass for a line of the log.
   *
   * @param by the operator
   * @param action what they did, in kebab case
   * @param details with what; no payload
   */
  public static void log(String by, String action, ObjectNode details) {
    LOG.info(
        "{}",
        JsonNodeFactory.instance.objectNode().put("by", by).put("action", action).setAll(details));
  }
}
