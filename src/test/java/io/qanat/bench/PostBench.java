package io.qanat.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * POST /orders beside POST /contacts, answered once Kafka has the event: by one hub, and by a
 * hand-written endpoint.
 */
class PostBench {
  @Test
  void acceptsOrdersBesideContacts() throws IOException {
    Results results = new AcceptingServers(List.of(Posts::contacts, Posts::orders)).measure();
    String orders = AcceptingServers.name(AcceptingServers.HUB, Posts.orders());
    Report report =
        new Report("POST /orders and POST /contacts, answered once Kafka has the event");
    results.tell(report, "server");
    report.line(
        results.ratio(orders, AcceptingServers.name(AcceptingServers.HUB, Posts.contacts())));
    report.line(
        results.ratio(
            orders, AcceptingServers.name(AcceptingServers.HAND_WRITTEN, Posts.orders())));
    report.line("Wanted beside the hand-written one: 0.85 of the requests/s.");
    report.write("post.md");
    assertThat(results.of(orders)).isNotEmpty();
    assertThat(results.of(orders)).allSatisfy(round -> assertThat(round.perSecond()).isPositive());
  }
}
