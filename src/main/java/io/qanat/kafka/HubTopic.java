package io.qanat.kafka;

import io.qanat.Lane;
import io.qanat.Lanes;
import java.util.Map;
import java.util.Optional;

/**
 * A topic of the hub's.
 *
 * @param name what it is called
 * @param beside the topic that it has as many partitions as, if there is one
 * @param single whether it has one partition; else it has as many as new topics get
 * @param config what it is configured with
 */
public record HubTopic(
    String name, Optional<String> beside, boolean single, Map<String, String> config) {
  /** A dead letter is its record, at most 1 MiB, and the headers that tell why. */
  public static final int MAX_DEAD_LETTER_BYTES = 2 * 1024 * 1024;

  /** The topic that says what is paused. */
  public static final String CONTROL = "qanat-control";

  private static final Map<String, String> FOR_EVER = Map.of("retention.ms", "-1");
  private static final Map<String, String> COMPACTED = Map.of("cleanup.policy", "compact");

  /** The events of a flow. */
  static HubTopic events(String flow) {
    return new HubTopic(Position.topicOf(flow), Optional.empty(), false, Map.of());
  }

  /** What a lane's sink refuses; kept for ever, because a dead letter waits for a person. */
  public static HubTopic deadLetters(Lane lane) {
    return beside(
        lane,
        lane.deadLetterTopic(),
        Map.of("max.message.bytes", Integer.toString(MAX_DEAD_LETTER_BYTES), "retention.ms", "-1"));
  }

  /** How far a lane is settled. */
  public static HubTopic versions(Lane lane) {
    return beside(lane, lane.versionsTopic(), COMPACTED);
  }

  private static HubTopic beside(Lane lane, String name, Map<String, String> config) {
    return new HubTopic(name, Optional.of(Position.topicOf(lane.flow())), false, config);
  }

  /** What is paused. */
  public static HubTopic control() {
    return new HubTopic(CONTROL, Optional.empty(), true, COMPACTED);
  }

  /** What people and the hub did with dead letters. */
  public static HubTopic audit() {
    return new HubTopic(Lanes.AUDIT, Optional.empty(), true, FOR_EVER);
  }
}
