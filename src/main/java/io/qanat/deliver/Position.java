package io.qanat.deliver;

/**
 * Where a record stands in Kafka: its identity for receipts, dead letters and the order of one key.
 */
public record Position(String topic, int partition, long offset) {
  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset;
  }
}
