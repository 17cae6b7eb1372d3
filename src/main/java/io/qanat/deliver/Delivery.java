package io.qanat.deliver;

import io.qanat.KameletBean;
import java.util.Objects;
import org.apache.camel.Handler;
import org.jspecify.annotations.Nullable;

/**
 * The step of a sink kamelet that takes a batch to its sink, and holds it while the sink cannot
 * take it.
 */
public class Delivery extends KameletBean {
  private @Nullable Sink sink;
  private String name = "";

  /** The sink that the batches go to. */
  public void setSink(Sink sink) {
    this.sink = sink;
  }

  /** What the sink is called in metrics, dead letters and logs, such as {@code salesforce}. */
  public void setName(String name) {
    this.name = name;
  }

  /** Delivers what is pending of the batch, as far as the hold limit allows. */
  @Handler
  public Batch deliver(Batch batch) {
    bean(DeliverySupport.class)
        .deliver(batch, Objects.requireNonNull(sink), name, DeliverySupport.stops(camel()));
    return batch;
  }
}
