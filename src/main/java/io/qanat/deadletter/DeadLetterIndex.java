package io.qanat.deadletter;

import io.qanat.kafka.Position;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells what became of a dead letter, as far as it has been projected from Kafka. */
public interface DeadLetterIndex {
  /** What a dead letter is now. */
  enum State {
    /** It waits for a person. */
    DEAD,
    /** It was put back on its flow's topic and is not settled there yet. */
    REDRIVEN,
    /** A redrive of it was delivered, or superseded by a newer event of its key. */
    DELIVERED,
    /** A person decided that it is not to be delivered. */
    DISCARDED
  }

  /**
   * A dead letter.
   *
   * @param id {@code <flow>.<sink>-<partition>-<offset>}, of the record that died first
   * @param state what it is now
   * @param diedAt the record that died last: the first one, or a redriven one
   * @param code why it died last
   * @param message why it died last, in the words of the sink
   * @param redrivenTo where its last redrive stands in the flow's topic, if there was one
   * @param note what else there is to say of its end, such as {@code superseded}
   */
  record Entry(
      String id,
      State state,
      Position diedAt,
      String code,
      String message,
      @Nullable Position redrivenTo,
      @Nullable String note) {}

  /** The dead letter with this id. */
  Optional<Entry> find(String id);
}
