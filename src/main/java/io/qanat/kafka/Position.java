package io.qanat.kafka;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a record stands in Kafka: its identity for receipts, dead letters and the order of one key.
 */
public record Position(String topic, int partition, long offset) {
  private static final String FLOW_TOPIC = "qanat.";

  /** A position has one text: no leading zeros. */
  private static final Pattern RECEIPT =
      Pattern.compile(
          "([a-z](?:[a-z0-9-]{0,98}[a-z0-9])?)-(0|[1-9][0-9]{0,8})-(0|[1-9][0-9]{0,17})");

  /** The position of a record of a flow. */
  public static Position ofFlow(String flow, int partition, long offset) {
    return new Position(topicOf(flow), partition, offset);
  }

  /** The topic of a flow. */
  public static String topicOf(String flow) {
    return FLOW_TOPIC + flow;
  }

  /** Reads a receipt, {@code <flow>-<partition>-<offset>}; empty if it is none. */
  public static Optional<Position> parse(String receipt) {
    Matcher m = RECEIPT.matcher(receipt);
    return m.matches()
        ? Optional.of(ofFlow(m.group(1), Integer.parseInt(m.group(2)), Long.parseLong(m.group(3))))
        : Optional.empty();
  }

  /** The flow whose topic this is in. */
  public String flow() {
    return topic.substring(FLOW_TOPIC.length());
  }

  /** What callers are given: {@code <flow>-<partition>-<offset>}. */
  public String receipt() {
    return flow() + "-" + partition + "-" + offset;
  }

  /** The partition, as Kafka's clients name it. */
  public TopicPartition topicPartition() {
    return new TopicPartition(topic, partition);
  }

  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
