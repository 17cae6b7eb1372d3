package io.qanat;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * The hub: runs the flows found under {@code routes/} with the kamelets under {@code kamelets/}.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class QanatApplication {
  /** Starts the hub; arguments are Spring Boot's. */
  public static void main(String[] args) {
    try {
      SpringApplication.run(QanatApplication.class, args);
    } catch (RuntimeException told) {
      // Threads of what was started already would keep a process alive that serves nobody.
      System.exit(1);
    }
  }
}
