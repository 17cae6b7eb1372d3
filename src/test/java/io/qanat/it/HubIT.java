package io.qanat.it;

import static org.springframework.boot.test.context.SpringBootTest.WebEnvironment.RANDOM_PORT;

import io.qanat.QanatApplication;
import io.qanat.sandbox.Ports;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.ContextConfiguration;

/** One hub with a sandbox of its own for all the tests that carry this annotation. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
    classes = QanatApplication.class,
    webEnvironment = RANDOM_PORT,
    properties = {
      "management.server.port=0",
      "qanat.deliver.hold.first-backoff=50ms",
      "qanat.accept.max-body-size=1MB"
    })
@AutoConfigureObservability(tracing = false)
@ActiveProfiles("sandbox")
@ContextConfiguration(initializers = HubIT.StartsSandbox.class)
@interface HubIT {
  /** Starts the servers before the hub's beans are made, and stops them after the hub. */
  class StartsSandbox implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private static Sandbox sandbox;

    static Sandbox sandbox() {
      return sandbox;
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
      sandbox =
          Sandbox.start(
              SandboxSettings.forTests(
                  Server.KAFKA, Server.MONGODB, Server.POSTGRESQL, Server.SALESFORCE));
      TestPropertyValues.of(sandbox.properties())
          .and("qanat.grpc.port=" + Ports.free())
          .applyTo(context);
      // The first bean that is registered is the last to go.
      ((DefaultSingletonBeanRegistry) context.getBeanFactory())
          .registerDisposableBean("sandbox", sandbox::close);
    }
  }
}
