package io.qanat.deadletter;

import io.qanat.kafka.Position;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a dead letter is called: the lane, and where the record that died first stands.
 *
 * @param flow the flow
 * @param sink the sink that refused it
 * @param partition the partition of {@code qanat.<flow>}
 * @param offset the offset there
 */
record DeadLetterId(String flow, String sink, int partition, long offset) {
  private static final Pattern TEXT =
      Pattern.compile("([a-z][a-z0-9-]{0,99})\\.([a-z][a-z0-9]{0,99})-([0-9]{1,9})-([0-9]{1,18})");
  private static final String TOPIC = "dlq.";

  /** Reads an id; empty if the text is none. */
  static Optional<DeadLetterId> parse(String text) {
    Matcher m = TEXT.matcher(text);
    return m.matches()
        ? Optional.of(
            new DeadLetterId(
                m.group(1), m.group(2), Integer.parseInt(m.group(3)), Long.parseLong(m.group(4))))
        : Optional.empty();
  }

  /** The id of the dead letter of a record, found on a dead-letter topic. */
  static Optional<DeadLetterId> of(String deadLetterTopic, Position record) {
    return deadLetterTopic.startsWith(TOPIC)
        ? parse(
            "%s-%d-%d"
                .formatted(
                    deadLetterTopic.substring(TOPIC.length()), record.partition(), record.offset()))
        : Optional.empty();
  }

  /** The topic that holds its dead letters. */
  String deadLetterTopic() {
    return TOPIC + flow + "." + sink;
  }

  /** The record that died first. */
  Position original() {
    return Position.ofFlow(flow, partition, offset);
  }

  @Override
  public String toString() {
    return flow + "." + sink + "-" + partition + "-" + offset;
  }
}
