package io.qanat.deliver;

/** Tells which lanes operators have paused. */
public interface Pauses {
  /**
   * Whether a lane is to stand still; a batch that is being held is then given back to Kafka early,
   * as if the hub were stopping.
   *
   * @param lane the id of the lane, {@code <flow>-deliver-<sink>}
   */
  boolean paused(String lane);
}
