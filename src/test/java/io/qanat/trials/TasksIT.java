package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qanat.QanatApplication;
import io.qanat.sandbox.Ports;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What a hub does once, and how it ends where it cannot; in this process where the exit code is of
 * no interest, because each start of another one costs seconds.
 */
@ExtendWith(OutputCaptureExtension.class)
class TasksIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration SOON = Duration.ofSeconds(40);

  private static final Pattern ASSEMBLED = Pattern.compile("qanat.home is now (\\S+)");

  private static Sandbox sandbox;
  private static Admin admin;
  private final Map<String, String> properties = new TreeMap<>();
  private CapturedOutput output;

  @BeforeAll
  static void startServers() {
    sandbox =
        Sandbox.start(
            SandboxSettings.forTests(
                Server.KAFKA, Server.MONGODB, Server.POSTGRESQL, Server.SALESFORCE));
    admin =
        Admin.create(
            Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, sandbox.kafka().bootstrapServers()));
  }

  @AfterAll
  static void stopServers() {
    admin.close();
    sandbox.close();
  }

  @BeforeEach
  void configure(CapturedOutput captured) {
    output = captured;
    properties.putAll(sandbox.properties());
    // A task talks to the servers that it is about, and needs no secret of others.
    properties.put("qanat.salesforce.client-secret", "");
  }

  @AfterEach
  void deleteTopics() throws Exception {
    admin.deleteTopics(topics()).all().get();
    await().atMost(SOON).until(() -> topics().isEmpty());
  }

  @Test
  void createsTheTopicsOfItsFlowsAndFindsThemTheNextTime() throws Exception {
    properties.put("qanat.flows", "contacts");
    properties.put("qanat.kafka.partitions", "3");
    properties.put("qanat.kafka.replication-factor", "1");

    String first = done("topics");
    String second = done("topics");

    Set<String> names =
        Set.of(
            "qanat.contacts",
            "dlq.contacts.salesforce",
            "qanat-versions.contacts.salesforce",
            "qanat-control",
            "qanat-audit");
    awaitTopics(names);
    assertThat(topics()).isEqualTo(names);
    assertThat(first).contains(names).contains("there already: []");
    assertThat(second).contains("created: []").contains(names);
    Map<String, TopicDescription> described = admin.describeTopics(names).allTopicNames().get();
    described.forEach(
        (name, topic) ->
            assertThat(topic.partitions())
                .as(name)
                .hasSize(name.matches("qanat-(control|audit)") ? 1 : 3));
    assertThat(config("qanat-versions.contacts.salesforce", "cleanup.policy")).isEqualTo("compact");
    assertThat(config("qanat-control", "cleanup.policy")).isEqualTo("compact");
    assertThat(config("dlq.contacts.salesforce", "retention.ms")).isEqualTo("-1");
    assertThat(config("qanat-audit", "retention.ms")).isEqualTo("-1");
  }

  @Test
  void endsWithZeroOnceTheTopicsOfAllFlowsAreThere() throws Exception {
    properties.put("qanat.roles", "accept");

    assertThat(process("topics", 0)).anyMatch(line -> line.contains("The task topics is done"));

    awaitTopics(
        Set.of("qanat.orders", "qanat.payments", "dlq.orders.mongodb", "dlq.orders.payments"));
    assertThat(topics())
        .as("what only a hub that delivers writes")
        .noneMatch(name -> name.startsWith("qanat-versions."));
  }

  @Test
  void saysThatKafkaIsAway() {
    properties.put("qanat.kafka.bootstrap-servers", "127.0.0.1:" + Ports.free());

    assertThat(failed("topics")).contains("Kafka (qanat.kafka.bootstrap-servers)");
  }

  @Test
  void saysWhatKafkaRefuses() {
    properties.put("qanat.kafka.replication-factor", "3");

    assertThat(failed("topics")).contains("Kafka (qanat.kafka.bootstrap-servers)", "replicat");
  }

  @Test
  void migratesTheDatabasesAndFindsThemMigratedTheNextTime() {
    properties.put("qanat.postgresql.migrate", "false");
    properties.put("qanat.kafka.bootstrap-servers", "127.0.0.1:" + Ports.free());

    try (MongoView mongoDb = new MongoView(sandbox.mongoDb().uri())) {
      mongoDb.collection("deadLetters").drop();
      mongoDb.collection("redrives").drop();
    }

    String first = done("migrate");
    String second = done("migrate");

    assertThat(first)
        .containsPattern("schema locations: [1-9][0-9]* migrations made")
        .contains("deadLetters.diedAt_-1__id_-1", "redrives.at_-1", "there already: 0");
    assertThat(second)
        .contains("schema locations: 0 migrations made")
        .contains("indexes made: [], there already: 6");
    try (MongoView mongoDb = new MongoView(sandbox.mongoDb().uri())) {
      assertThat(mongoDb.collection("deadLetters").listIndexes())
          .extracting(index -> index.getString("name"))
          .contains("diedAt_-1__id_-1", "state_1_diedAt_-1__id_-1");
    }
  }

  @Test
  void saysThatPostgresqlIsAway() {
    properties.put(
        "qanat.postgresql.url", "jdbc:postgresql://127.0.0.1:" + Ports.free() + "/qanat");

    assertThat(failed("migrate")).contains("PostgreSQL (qanat.postgresql.url)");
  }

  @Test
  void saysThatMongodbIsAway() {
    properties.put("qanat.mongodb.uri", "mongodb://127.0.0.1:" + Ports.free() + "/qanat");

    assertThat(failed("migrate")).contains("MongoDB (qanat.mongodb.uri)");
  }

  @Test
  void saysWhichMigrationPostgresqlRefuses(@TempDir Path home) throws Exception {
    Homes.copy(home);
    Files.writeString(
        home.resolve("routes/locations/migrations/V9__broken.sql"), "create tabel nothing ();");
    properties.put("qanat.home", home.toString());

    assertThat(failed("migrate")).contains("PostgreSQL (qanat.postgresql.url)", "V9__broken.sql");
  }

  @Test
  void saysWhichFlowIsUnknownAndWhichThereAre() {
    properties.put("qanat.flows", "contacts,ordres");

    assertThat(failed("")).contains("qanat.flows names [ordres]", "contacts, locations, orders");
  }

  @Test
  void saysWhichFileOfAnOverlayFitsNeitherForm(@TempDir Path overlay) throws Exception {
    Files.writeString(overlay.resolve("contacts-deliver-salesforce.camel.yaml"), "x");
    properties.put("qanat.overlay", overlay.toString());

    assertThat(failed("")).contains(overlay + "/contacts-deliver-salesforce.camel.yaml");
  }

  @Test
  void endsWithOneAndLeavesNoAssembledHomeWhereItCannot(@TempDir Path overlay) throws Exception {
    Files.writeString(overlay.resolve("kamelets__none-action.kamelet.yaml"), "x");
    properties.put("qanat.overlay", overlay.toString());

    List<String> lines = process("topcs", 1);

    assertThat(reason(lines)).contains("qanat.task names topcs", "[migrate, topics]");
    Matcher assembled = ASSEMBLED.matcher(String.join("\n", lines));
    assertThat(assembled.find()).isTrue();
    assertThat(Path.of(assembled.group(1))).doesNotExist();
  }

  @Test
  void waitsForTopicsThatItIsNotToCreate() throws Exception {
    // Those that all hubs share are there.
    properties.put("qanat.flows", "records");
    done("topics");
    Set<String> before = topics();
    properties.put("qanat.flows", "contacts");
    properties.put("qanat.kafka.create-topics", "false");
    properties.put("qanat.task", " ");
    properties.put(
        "qanat.salesforce.client-secret",
        sandbox.properties().get("qanat.salesforce.client-secret"));
    try (HubProcess hub = new HubProcess("task-none", properties)) {
      hub.start();
      await().atMost(SOON).until(() -> hub.management("/actuator/health") == 503);
      assertThat(hub.management("/actuator/health/readiness")).isEqualTo(200);
      assertThat(hub.management("/actuator/health/liveness")).isEqualTo(200);
      // Long enough for what says so again and again to be seen.
      await().during(Duration.ofSeconds(8)).atMost(SOON).until(() -> warnings(hub).size() == 1);
      assertThat(warnings(hub).get(0))
          .contains("qanat.contacts", "qanat.kafka.create-topics", "--qanat.task=topics");
      assertThat(topics()).containsAll(before).doesNotContain("qanat.contacts");
      assertThat(hub.log()).doesNotContain("Started contacts-deliver-salesforce");

      assertThat(done("topics")).contains("qanat.contacts");

      await().atMost(SOON).until(() -> hub.log().contains("The topics are there"));
      await().atMost(SOON).until(() -> hub.management("/actuator/health") == 200);
      assertThat(post(hub.url())).contains("\"state\":\"delivered\"");
      assertThat(hub.log()).contains("Started contacts-deliver-salesforce");
    }
  }

  private static String post(URI hub) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(hub.resolve("/contacts"))
            .header("Content-Type", "application/json")
            .header("Prefer", "wait=25")
            .POST(BodyPublishers.ofString("{\"externalId\":\"t-1\",\"lastName\":\"x\"}"))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }

  private static List<String> warnings(HubProcess hub) {
    return hub.log()
        .lines()
        .filter(line -> line.matches(".* (WARN|ERROR) .*"))
        .filter(line -> !line.contains("SalesforceComponent"))
        .toList();
  }

  private String done(String task) {
    properties.put("qanat.kafka.create-topics", "true");
    int before = output.getAll().length();
    hubWith(task).close();
    List<String> lines = linesFrom(before);
    assertThat(lines).noneMatch(line -> line.contains(" ERROR ") || line.contains("Tomcat"));
    return only(lines, "The task");
  }

  private String failed(String task) {
    int before = output.getAll().length();
    assertThatThrownBy(() -> hubWith(task)).isInstanceOf(RuntimeException.class);
    return reason(linesFrom(before));
  }

  private ConfigurableApplicationContext hubWith(String task) {
    properties.put("qanat.task", task);
    return SpringApplication.run(
        QanatApplication.class,
        properties.entrySet().stream()
            .map(e -> "--" + e.getKey() + "=" + e.getValue())
            .toArray(String[]::new));
  }

  private List<String> linesFrom(int position) {
    return output.getAll().substring(position).lines().toList();
  }

  private static String reason(List<String> lines) {
    assertThat(lines).as("stack traces").noneMatch(line -> line.startsWith("\tat "));
    assertThat(only(lines, " ERROR ")).contains("The hub does not start: ");
    return only(lines, " ERROR ");
  }

  private static String only(List<String> lines, String text) {
    List<String> told = lines.stream().filter(line -> line.contains(text)).toList();
    assertThat(told).hasSize(1);
    return told.get(0);
  }

  /** What a hub in a process of its own says until it ends. */
  private List<String> process(String task, int exitCode) throws Exception {
    properties.put("qanat.task", task);
    try (HubProcess hub = new HubProcess("task", properties)) {
      hub.launch();
      assertThat(hub.awaitEnd(LIMIT)).as(hub.log()).isEqualTo(exitCode);
      return hub.log().lines().toList();
    }
  }

  /** A broker may not know yet what was created a moment ago. */
  private static void awaitTopics(Set<String> names) {
    await().atMost(SOON).until(() -> topics().containsAll(names));
  }

  private static Set<String> topics() throws Exception {
    return admin.listTopics().names().get();
  }

  private static String config(String topic, String name) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(name).value();
  }
}
