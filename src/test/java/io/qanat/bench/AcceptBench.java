package io.qanat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** POST /contacts, answered once Kafka has the event: the hub beside a hand-written endpoint. */
class AcceptBench {
  @Test
  void acceptsBesideAHandWrittenEndpoint() throws IOException {
    Results results = new AcceptingServers(List.of(Posts::contacts)).measure();
    String hub = AcceptingServers.name(AcceptingServers.HUB, Posts.contacts());
    Report report = new Report("POST /contacts, 202 once Kafka has the event");
    results.tell(report, "server");
    results.names().stream()
        .filter(other -> !other.equals(hub))
        .forEach(other -> report.line(results.ratio(hub, other)));
    report.line("Wanted beside the hand-written one: 0.85 of the requests/s.");
    report.write("accept.md");
    assertThat(results.of(hub)).isNotEmpty();
    assertThat(results.of(hub)).allSatisfy(round -> assertThat(round.perSecond()).isPositive());
  }
}
