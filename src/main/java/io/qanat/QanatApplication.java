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
    SpringApplication.run(QanatApplication.class, args);
  }
}
