package io.qanat.trials;

import static java.util.stream.Collectors.joining;
import static org.awaitility.Awaitility.await;

import io.qanat.sandbox.Kafka;
import io.qanat.sandbox.MongoDb;
import io.qanat.sandbox.Ports;
import io.qanat.sandbox.PostgreSql;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import io.qanat.trials.TcpProxy.Mode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.extension.AfterEachCallback;
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
  /** The client secret that the hub logs in to Salesforce with; its log must not hold it. */
  static final String SECRET = "nobody-logs-this-either";

  /** The operator of the hub, whose password is {@link #SECRET}. */
  static final String OPERATOR = "trial";

  private final Sandbox sandbox;
  private final TcpProxy kafkaWire;
  private final TcpProxy salesforceWire;
  private final TcpProxy postgresqlWire;
  private final MongoWire mongoDbWire;
  private final KafkaView kafka;
  private final StandIn salesforce;
  private final PostgresView postgresql;
  private final MongoView mongoDb;
  private final HubProcess hub;
  private final Map<String, Integer> ledgers = new HashMap<>();
  private Summary summary = new Summary("");

  private World() {
    Summary.clear();
    int wirePort = Ports.free();
    kafkaWire = new TcpProxy(wirePort);
    sandbox =
        Sandbox.start(
            SandboxSettings.forTests(
                    Server.KAFKA, Server.MONGODB, Server.POSTGRESQL, Server.SALESFORCE)
                .with(new Kafka.Wire(wirePort, kafkaWire.port())));
    salesforceWire = new TcpProxy(sandbox.salesforce().url().getPort());
    String url = sandbox.postgreSql().url();
    postgresqlWire = new TcpProxy(URI.create(url.replace("jdbc:", "")).getPort());
    postgresql = new PostgresView(url);
    mongoDb = new MongoView(sandbox.mongoDb().uri());
    mongoDbWire = new MongoWire(mongoDb.port());
    kafka = new KafkaView(sandbox.kafka().bootstrapServers());
    salesforce = new StandIn(sandbox.salesforce().url());
    hub = new HubProcess("hub", properties());
  }

  /** What a hub of this world is started with. */
  Map<String, String> properties() {
    Map<String, String> properties = new TreeMap<>(sandbox.properties());
    properties.put("qanat.home", home());
    // Not payments: one whose order a trial lets die would wait two minutes for it.
    properties.put(
        "qanat.flows", TrialFlow.all().stream().map(TrialFlow::name).collect(joining(",")));
    properties.put("qanat.kafka.bootstrap-servers", "127.0.0.1:" + kafkaWire.port());
    properties.put("qanat.salesforce.login-url", salesforceWire.url().toString());
    properties.put("qanat.postgresql.url", postgresql.url(postgresqlWire.port()));
    properties.put("qanat.mongodb.uri", mongoDb.uri(mongoDbWire.port()));
    properties.put("qanat.salesforce.client-secret", SECRET);
    properties.put("camel.component.salesforce.instance-url", salesforceWire.url().toString());
    properties.put("qanat.operators[0].name", OPERATOR);
    properties.put("qanat.operators[0].password", "{noop}" + SECRET);
    properties.put("qanat.operators[0].role", "operator");
    return properties;
  }

  /** The folder of the routes and kamelets under trial. */
  static String home() {
    return System.getProperty("qanat.trials.home", ".");
  }

  /** The broker's process. */
  Kafka broker() {
    return sandbox.kafka();
  }

  /** The MongoDB server's process. */
  MongoDb mongoDbServer() {
    return sandbox.mongoDb();
  }

  /** What is in MongoDB. */
  MongoView mongoDb() {
    return mongoDb;
  }

  /** The wire between the hub and MongoDB. */
  MongoWire mongoDbWire() {
    return mongoDbWire;
  }

  /** The wire between the hub and Kafka. */
  TcpProxy kafkaWire() {
    return kafkaWire;
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
  TcpProxy salesforceWire() {
    return salesforceWire;
  }

  /** The PostgreSQL server's process. */
  PostgreSql postgresqlServer() {
    return sandbox.postgreSql();
  }

  /** What is in PostgreSQL. */
  PostgresView postgresql() {
    return postgresql;
  }

  /** The wire between the hub and PostgreSQL. */
  TcpProxy postgresqlWire() {
    return postgresqlWire;
  }

  /** The hub. */
  HubProcess hub() {
    return hub;
  }

  /** Takes down a ledger that begins, and gives it a name that no other ledger of this run has. */
  String begin(Ledger ledger, String name) {
    summary.add(ledger);
    return "%s-%d".formatted(name, ledgers.merge(name, 1, Integer::sum));
  }

  /** Takes down what became of a ledger. */
  void take(Ledger ledger, Balance balance) {
    summary.take(ledger, balance);
  }

  private void ready(String trial) {
    summary = new Summary(trial);
    broker().start();
    mongoDbServer().start();
    postgresqlServer().start();
    kafkaWire.mode(Mode.PASS);
    salesforceWire.mode(Mode.PASS);
    postgresqlWire.mode(Mode.PASS);
    mongoDbWire.mode(Mode.PASS);
    salesforce.clientSecret(SECRET);
    TrialFlow.all().forEach(flow -> flow.recover(this));
    hub.start();
    await("nothing is left of the trial before")
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptions()
        .until(() -> TrialFlow.all().stream().allMatch(this::isSettled));
    TrialFlow.all().forEach(flow -> flow.reset(this));
  }

  private boolean isSettled(TrialFlow flow) {
    try {
      return kafka.lag(flow) == 0;
    } catch (ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    hub.close();
    kafka.close();
    kafkaWire.close();
    salesforceWire.close();
    postgresqlWire.close();
    mongoDbWire.close();
    mongoDb.close();
    sandbox.close();
  }

  /** Gives trials their world, the same for all classes of a run. */
  static final class Shared implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
    @Override
    public void beforeEach(ExtensionContext context) {
      world(context).ready(context.getDisplayName());
    }

    @Override
    public void afterEach(ExtensionContext context) {
      world(context).summary.print(context.getExecutionException().isPresent());
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
