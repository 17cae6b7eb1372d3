package io.qanat.trials;

import static org.awaitility.Awaitility.await;

import io.qanat.sandbox.Kafka;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import io.qanat.trials.TcpProxy.Mode;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * What the trials share, because each start costs seconds: a broker, the Salesforce stand-in behind
 * a proxy, and the packaged hub. Before each trial all of them run, without faults, and the
 * stand-in is empty.
 *
 * <p>{@code -Dqanat.trials.home=<folder>} runs the hub with other routes and kamelets, which is how
 * one sees which trial fails when a protection is taken out of them.
 */
final class World implements CloseableResource {
  private final Sandbox sandbox;
  private final TcpProxy wire;
  private final KafkaView kafka;
  private final StandIn salesforce;
  private final HubProcess hub;

  private World() {
    sandbox =
        Sandbox.start(SandboxSettings.forTests(Server.KAFKA, Server.MONGODB, Server.SALESFORCE));
    wire = new TcpProxy(sandbox.salesforce().url());
    kafka = new KafkaView(sandbox.kafka().bootstrapServers());
    salesforce = new StandIn(sandbox.salesforce().url());
    Map<String, String> properties = new TreeMap<>(sandbox.properties());
    properties.put("qanat.home", System.getProperty("qanat.trials.home", "."));
    properties.put("qanat.salesforce.login-url", wire.url().toString());
    properties.put("camel.component.salesforce.instance-url", wire.url().toString());
    hub = new HubProcess("hub", properties);
  }

  /** The broker's process. */
  Kafka broker() {
    return sandbox.kafka();
  }

  /** What is on Kafka. */
  KafkaView kafka() {
    return kafka;
  }

  /** The Salesforce stand-in. */
  StandIn salesforce() {
    return salesforce;
  }

  /** The wire between the hub and Salesforce. */
  TcpProxy wire() {
    return wire;
  }

  /** The hub. */
  HubProcess hub() {
    return hub;
  }

  private void ready() {
    broker().start();
    wire.mode(Mode.PASS);
    salesforce.calmDown();
    hub.start();
    await("nothing is left of the trial before")
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptions()
        .until(() -> kafka.lag() == 0);
    salesforce.reset();
  }

  @Override
  public void close() throws IOException {
    hub.close();
    kafka.close();
    wire.close();
    sandbox.close();
  }

  /** Gives trials their world, the same for all classes of a run. */
  static final class Shared implements BeforeEachCallback, ParameterResolver {
    @Override
    public void beforeEach(ExtensionContext context) {
      world(context).ready();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == World.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return world(context);
    }

    private static World world(ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.create(World.class))
          .getOrComputeIfAbsent(World.class, key -> new World(), World.class);
    }
  }
}
