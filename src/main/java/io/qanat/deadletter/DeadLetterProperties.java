package io.qanat.deadletter;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How dead letters are shown and redriven.
 *
 * @param redact names of fields and headers, at any depth and in any case, whose values are not
 *     shown
 * @param maxRedrives how often a dead letter is redriven before it needs force
 * @param ratePerSecond how many letters a redrive puts back per second, unless it says otherwise
 */
@ConfigurationProperties("qanat.dead-letters")
record DeadLetterProperties(
    @DefaultValue List<String> redact,
    @DefaultValue("3") int maxRedrives,
    @DefaultValue("100") int ratePerSecond) {

  DeadLetterProperties {
    redact = List.copyOf(redact);
    if (maxRedrives < 0 || ratePerSecond < 1) {
      throw new IllegalArgumentException(
          "qanat.dead-letters.max-redrives must be 0 or more, rate-per-second 1 or more");
    }
  }
}
