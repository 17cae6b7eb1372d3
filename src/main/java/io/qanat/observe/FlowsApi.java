package io.qanat.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.Lane;
import io.qanat.Lanes;
import io.qanat.kafka.LaneOffsets;
import io.qanat.kafka.LaneOffsets.Progress;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.Message;
import org.springframework.stereotype.Component;

/** Answers {@code /flows}: how each lane is and how far it has come. */
@Component("flowsApi")
public class FlowsApi {
  private final Lanes lanes;
  private final LaneOffsets offsets;

  FlowsApi(Lanes lanes, LaneOffsets offsets) {
    this.lanes = lanes;
    this.offsets = offsets;
  }

  /** Answers one operation of the contract. */
  @Handler
  public void answer(Exchange exchange) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode flows = answer.putArray("flows");
    for (Lane lane : lanes.all()) {
      long lag = offsets.of(lane).values().stream().mapToLong(Progress::lag).sum();
      flows
          .addObject()
          .put("id", lane.id())
          .put("flow", lane.flow())
          .put("sink", lane.sink())
          .put("lag", lag);
    }
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setBody(answer.toString().getBytes(StandardCharsets.UTF_8));
  }
}
