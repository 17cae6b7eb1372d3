package io.qanat.kafka;

import java.util.List;
import org.apache.kafka.common.KafkaException;

/** Topics are missing, and this hub creates none. */
public final class MissingTopicsException extends KafkaException {
  private static final long serialVersionUID = 1;

  MissingTopicsException(List<String> names) {
    super(
        "Kafka does not show the topics %s, and qanat.kafka.create-topics is false: create them with --qanat.task=topics, or let this hub describe them"
            .formatted(names));
  }
}
