package io.qanat.deadletter;

import io.qanat.Lane;
import java.util.OptionalLong;

/** Tells how many dead letters wait for a person. */
public interface DeadLetterCounts {
  /** How many of a lane's dead letters are dead now; empty if that cannot be told at the moment. */
  OptionalLong dead(Lane lane);
}
