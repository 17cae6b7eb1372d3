package io.qanat.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.qanat.deliver.BatchOutcome.Unsettled;
import io.qanat.deliver.Settlement.Outcome;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeliveryMonitorTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AtomicLong clock = new AtomicLong();
  private final DeliveryMonitor monitor = new DeliveryMonitor(meters, clock::get);

  private double held(String sink) {
    return meters.get("qanat.held").tag("flow", "contacts").tag("sink", sink).gauge().value();
  }

  private double settled(String outcome) {
    return meters.get("qanat.events").tag("outcome", outcome).counter().count();
  }

  @Test
  void showsHowManyEventsAreHeldUntilNoneIs() {
    var watch = monitor.watch("contacts", "salesforce");
    var event =
        new Unsettled(Polled.at(0, 0, "A"), Failure.transientFailure("AWAY", "Salesforce is away"));

    watch.held(List.of(event, event));
    assertThat(held("salesforce")).isEqualTo(2);

    watch.held(List.of());
    assertThat(held("salesforce")).isZero();
  }

  @Test
  void holdsNothingAnyMoreOnceItHasNotBeenToldForLongerThanACallLasts() {
    var watch = monitor.watch("contacts", "salesforce");
    var event =
        new Unsettled(Polled.at(0, 0, "A"), Failure.transientFailure("AWAY", "Salesforce is away"));
    watch.held(List.of(event));

    clock.addAndGet(DeliveryMonitor.STALE.toNanos());
    assertThat(held("salesforce")).isEqualTo(1);

    clock.addAndGet(1);
    assertThat(held("salesforce")).isZero();

    watch.held(List.of(event));
    assertThat(held("salesforce")).isEqualTo(1);
  }

  @Test
  void countsWhatWasSettledByItsOutcome() {
    var watch = monitor.watch("contacts", "salesforce");

    watch.settled(Outcome.DELIVERED, 3);
    watch.settled(Outcome.DEAD_LETTERED, 1);
    watch.settled(Outcome.DELIVERED, 4);

    assertThat(settled("delivered")).isEqualTo(7);
    assertThat(settled("dead-lettered")).isEqualTo(1);
  }

  @Test
  void watchesEachSinkOfAFlowByItself() {
    assertThat(monitor.watch("contacts", "salesforce"))
        .isSameAs(monitor.watch("contacts", "salesforce"))
        .isNotSameAs(monitor.watch("contacts", "mongodb"));
    assertThat(held("mongodb")).isZero();
  }
}
