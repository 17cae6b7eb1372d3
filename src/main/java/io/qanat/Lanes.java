package io.qanat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * The lanes of the flows that this hub knows, also those whose routes another instance runs: an
 * instance that only accepts can tell how far the others have come.
 */
@Component
public class Lanes {
  /** The flow of the lane that takes dead letters to where they can be browsed. */
  public static final String PLATFORM = Flows.PLATFORM;

  /** What the id of a route ends with that is only made to see whether it can be. */
  public static final String TRIAL = "~trial";

  /**
   * The topic of what people and the hub did with dead letters; the platform's lane reads it too.
   */
  public static final String AUDIT = "qanat-audit";

  private final List<Lane> lanes = new CopyOnWriteArrayList<>();

  /** Takes down a deliver route. */
  void add(Lane lane) {
    lanes.removeIf(l -> l.id().equals(lane.id()));
    lanes.add(lane);
  }

  /** All lanes of flows, and the platform's own. */
  public List<Lane> all() {
    return List.copyOf(lanes);
  }

  /** The lanes of one flow. */
  public List<Lane> of(String flow) {
    return lanes.stream().filter(l -> l.flow().equals(flow)).toList();
  }

  /** The lane with this id. */
  public Optional<Lane> find(String id) {
    return lanes.stream().filter(l -> l.id().equals(id)).findFirst();
  }

  /** The topics that a lane reads. */
  public List<String> topics(Lane lane) {
    return lane.flow().equals(PLATFORM)
        ? Stream.concat(
                lanes.stream().filter(l -> !l.flow().equals(PLATFORM)).map(Lane::deadLetterTopic),
                Stream.of(AUDIT))
            .toList()
        : List.of("qanat." + lane.flow());
  }
}
