package io.qanat.deliver;

/** Tells which lanes an operator has paused. */
@FunctionalInterface
public interface Pauses {
  /** Whether the lane with this id is paused. */
  boolean paused(String lane);
}
