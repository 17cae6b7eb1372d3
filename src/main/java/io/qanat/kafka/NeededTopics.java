package io.qanat.kafka;

import io.qanat.Flows;
import io.qanat.HubProperties;
import io.qanat.HubProperties.Role;
import io.qanat.Lane;
import io.qanat.Lanes;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** The topics that this hub needs for its flows and roles. */
@Component
public class NeededTopics {
  private final Flows flows;
  private final Lanes lanes;
  private final HubProperties hub;

  NeededTopics(Flows flows, Lanes lanes, HubProperties hub) {
    this.flows = flows;
    this.lanes = lanes;
    this.hub = hub;
  }

  /**
   * Those that must be there before the first event: a receipt asks the dead letters before the
   * first death whether an event is dead.
   */
  List<HubTopic> first() {
    List<HubTopic> topics = new ArrayList<>();
    flows.names().forEach(flow -> topics.add(HubTopic.events(flow)));
    lanes().forEach(lane -> topics.add(HubTopic.deadLetters(lane)));
    return topics;
  }

  /** All, also those that a hub creates when it first writes to them. */
  public List<HubTopic> all() {
    List<HubTopic> topics = first();
    if (hub.roles().contains(Role.DELIVER)) {
      lanes().forEach(lane -> topics.add(HubTopic.versions(lane)));
    }
    topics.add(HubTopic.control());
    topics.add(HubTopic.audit());
    return topics;
  }

  private List<Lane> lanes() {
    return flows.names().stream().flatMap(flow -> lanes.of(flow).stream()).toList();
  }
}
