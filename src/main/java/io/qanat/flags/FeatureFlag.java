package io.qanat.flags;

import io.qanat.KameletBean;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Handler;
import org.jspecify.annotations.Nullable;

/**
 * The step of a route that asks for a flag: the exchange property of the flag's name becomes its
 * variant, for a {@code choice} to branch on. The body stays as it is.
 */
public class FeatureFlag extends KameletBean {
  // A hyphen keeps a flag apart from the properties that the hub itself sets.
  private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)+");

  private String flag = "";
  private String otherwise = "";
  private String key = "";
  private @Nullable Expression keyOf;
  private @Nullable Flags flags;

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if it is none
   */
  public void start() {
    if (!NAME.matcher(flag).matches()) {
      throw new IllegalArgumentException(
          "the flag '%s' must be words with hyphens between them, such as payment-provider"
              .formatted(flag));
    }
    CamelContext context = camel();
    flags = bean(Flags.class);
    if (!key.isEmpty()) {
      keyOf = context.resolveLanguage("jq").createExpression(key);
      keyOf.init(context);
    }
  }

  /** Asks for the flag. */
  @Handler
  public void evaluate(Exchange exchange) {
    String whom = keyOf == null ? null : keyOf.evaluate(exchange, String.class);
    exchange.setProperty(flag, Objects.requireNonNull(flags).variant(flag, otherwise, whom));
  }

  /** The flag's name. */
  public void setFlag(String flag) {
    this.flag = flag;
  }

  /** The variant where the flag cannot be told. */
  public void setOtherwise(String otherwise) {
    this.otherwise = otherwise;
  }

  /** A jq expression that gives whom or what the flag is asked for; empty for nobody. */
  public void setKey(String key) {
    this.key = key;
  }
}
