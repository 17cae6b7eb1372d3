package io.qanat;

import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.support.CamelContextHelper;
import org.jspecify.annotations.Nullable;

/** A bean of a kamelet's template that needs Camel, or what is in its registry. */
public abstract class KameletBean implements CamelContextAware {
  private @Nullable CamelContext camelContext;

  @Override
  public final void setCamelContext(CamelContext camelContext) {
    this.camelContext = camelContext;
  }

  @Override
  public final @Nullable CamelContext getCamelContext() {
    return camelContext;
  }

  /** The context that it was made for; given before anything else is asked of it. */
  protected final CamelContext camel() {
    return Objects.requireNonNull(camelContext);
  }

  /** The one bean of a type. */
  protected final <T> T bean(Class<T> type) {
    return CamelContextHelper.findSingleByType(camel(), type);
  }
}
