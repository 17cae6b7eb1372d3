package io.qanat.deliver;

/** Tells a sink whether it may begin another call for the batch at hand. */
@FunctionalInterface
public interface Deadline {
  /** A deadline that never passes. */
  Deadline NEVER = () -> false;

  /** Whether no new call should begin: the batch's time is up, or the hub is shutting down. */
  boolean passed();
}
