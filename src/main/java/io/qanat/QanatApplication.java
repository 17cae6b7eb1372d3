package io.qanat;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The hub: runs the flows found under {@code routes/} with the kamelets under {@code kamelets/}.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class QanatApplication {
  /** Starts the hub, or does its one task; arguments are Spring Boot's. */
  public static void main(String[] args) {
    try {
      ConfigurableApplicationContext hub = SpringApplication.run(QanatApplication.class, args);
      if (!hub.getEnvironment().getProperty("qanat.task", "").isBlank()) {
        System.exit(SpringApplication.exit(hub));
      }
    } catch (RuntimeException told) {
      // Threads of what was started already would keep a process alive that serves nobody.
      System.exit(1);
    }
  }
}
