package io.qanat.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.qanat.deliver.BatchOutcome.Unsettled;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeliveryMonitorTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final DeliveryMonitor monitor = new DeliveryMonitor(meters);

  private double held(String sink) {
    return meters.get("qanat.held").tag("flow", "contacts").tag("sink", sink).gauge().value();
  }

  private double settled(String outcome) {
    return meters.get("qanat.events").tag("outcome", outcome).counter().count();
  }

  @Test
  void showsHowManyEventsAreHeldUntilNoneIs() {
    var lane = monitor.lane("contacts", "salesforce");
    var event =
        new Unsettled(Polled.at(0, 0, "A"), Failure.transientFailure("AWAY", "Salesforce is away"));

    lane.held(List.of(event, event));
    assertThat(held("salesforce")).isEqualTo(2);

    lane.held(List.of());
    assertThat(held("salesforce")).isZero();
  }

  @Test
  void countsWhatWasSettledByItsOutcome() {
    var lane = monitor.lane("contacts", "salesforce");

    lane.settled(3, 1);
    lane.settled(4, 0);

    assertThat(settled("delivered")).isEqualTo(7);
    assertThat(settled("dead-lettered")).isEqualTo(1);
  }

  @Test
  void watchesEachSinkOfAFlowByItself() {
    assertThat(monitor.lane("contacts", "salesforce"))
        .isSameAs(monitor.lane("contacts", "salesforce"))
        .isNotSameAs(monitor.lane("contacts", "mongodb"));
    assertThat(held("mongodb")).isZero();
  }
}
