package io.qanat.task;

/** Something that is done once. */
interface Task {
  /** What {@code qanat.task} calls it. */
  String name();

  /**
   * Does it.
   *
   * @return what was done and what was there, in a few words
   * @throws IllegalStateException that names the server that does not answer, or refuses
   */
  String run();
}
