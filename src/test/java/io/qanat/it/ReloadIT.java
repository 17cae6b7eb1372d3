package io.qanat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qanat.QanatApplication;
import io.qanat.sandbox.Ports;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Routes that change while the hub runs, by a ConfigMap as Kubernetes mounts and changes it. */
@ExtendWith(OutputCaptureExtension.class)
class ReloadIT {
  private static final Duration SOON = Duration.ofSeconds(40);
  private static final String DELIVER = "contacts-deliver-salesforce.camel.yaml";
  private static final String ACCEPT = "contacts-accept-rest.camel.yaml";
  private static final String TAKEN = "/%s changed, and its route runs as it is now";
  private static final String REFUSED = "is refused, and its route goes on as it was";

  @TempDir private static Path mount;
  private static Sandbox sandbox;
  private static ConfigurableApplicationContext context;
  private static Http hub;
  private static Http salesforce;
  private static int version;

  @BeforeAll
  static void start() throws IOException {
    sandbox =
        Sandbox.start(SandboxSettings.forTests(Server.KAFKA, Server.MONGODB, Server.SALESFORCE));
    Files.createDirectory(mount.resolve("..v0"));
    Files.createSymbolicLink(mount.resolve("..data"), Path.of("..v0"));
    Map<String, String> properties = new TreeMap<>(sandbox.properties());
    properties.put("qanat.flows", "contacts");
    properties.put("qanat.overlay", mount.toString());
    properties.put("qanat.reload", "true");
    properties.put("qanat.reload-interval", "300ms");
    // A held batch that is not given back is waited for so long, which is longer than the tests do.
    properties.put("camel.main.shutdown-timeout", "120");
    properties.put("qanat.deliver.hold.first-backoff", "50ms");
    properties.put("server.port", "0");
    properties.put("management.server.port", "0");
    properties.put("qanat.grpc.port", Integer.toString(Ports.free()));
    properties.put("spring.profiles.active", "sandbox");
    context =
        SpringApplication.run(
            QanatApplication.class,
            properties.entrySet().stream()
                .map(e -> "--" + e.getKey() + "=" + e.getValue())
                .toArray(String[]::new));
    hub = new Http("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
    salesforce = new Http(sandbox.properties().get("qanat.salesforce.login-url"));
  }

  @AfterAll
  static void stop() {
    if (context != null) {
      context.close();
    }
    sandbox.close();
  }

  @BeforeEach
  void aHubThatDelivers() {
    salesforce.delete("/__sim/faults");
    assertDelivers();
  }

  private static String original(String file) throws IOException {
    return Files.readString(Path.of("routes/contacts", file));
  }

  /** Changes the mount as Kubernetes does: all files at once, by renaming a link. */
  private static void mount(Map<String, String> files) throws IOException {
    Path data = Files.createDirectory(mount.resolve("..v" + ++version));
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(data.resolve(file.getKey()), file.getValue());
    }
    Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), data.getFileName());
    Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    try (Stream<Path> links = Files.list(mount)) {
      for (Path stale : links.filter(l -> !Files.exists(l)).toList()) {
        Files.delete(stale);
      }
    }
    for (String name : files.keySet()) {
      if (!Files.isSymbolicLink(mount.resolve(name))) {
        Files.createSymbolicLink(mount.resolve(name), Path.of("..data", name));
      }
    }
  }

  private static void change(String file, String text, String told, CapturedOutput output)
      throws IOException {
    int before = output.getAll().split(told, -1).length;
    mount(Map.of("contacts__" + file, text));
    await().atMost(SOON).until(() -> output.getAll().split(told, -1).length > before);
  }

  private static String post() {
    String id = "r-" + UUID.randomUUID();
    assertThat(send(id)).isEqualTo(202);
    return id;
  }

  private static int send(String id) {
    return hub.json("POST", "/contacts", HubFixture.contact(id)).status();
  }

  private static Set<String> delivered() {
    return new TreeSet<>(
        salesforce.get("/__sim/records?object=Contact").json().findValuesAsText("ExternalId__c"));
  }

  private static int written() {
    return salesforce.get("/__sim/stats").json().path("recordsWritten").asInt();
  }

  private static void assertDelivers() {
    String id = post();
    await().atMost(SOON).until(() -> delivered().contains(id));
  }

  @Test
  void losesAndDoublesNothingWhenRoutesChangeUnderLoad(CapturedOutput output) throws Exception {
    int before = written();
    Map<String, Integer> answers = new ConcurrentHashMap<>();
    AtomicBoolean enough = new AtomicBoolean();
    ExecutorService callers = Executors.newFixedThreadPool(4);
    Runnable caller =
        () -> {
          while (!enough.get()) {
            String id = "r-" + UUID.randomUUID();
            answers.put(id, send(id));
          }
        };
    List<CompletableFuture<Void>> load =
        IntStream.range(0, 4).mapToObj(i -> CompletableFuture.runAsync(caller, callers)).toList();
    try {
      changeRoutes(answers, output);
    } finally {
      enough.set(true);
      callers.shutdown();
    }
    load.forEach(CompletableFuture::join);

    assertThat(answers.values()).isSubsetOf(202, 503);
    Set<String> accepted = new TreeSet<>(answers.keySet());
    accepted.removeIf(id -> answers.get(id) != 202);
    assertThat(accepted).hasSizeGreaterThan(200);
    await().atMost(SOON).until(() -> delivered().containsAll(accepted));
    // What was answered 503 may have been stored, once.
    Set<String> mine = delivered();
    mine.retainAll(answers.keySet());
    assertThat(written() - before).as("rows written").isEqualTo(mine.size());
  }

  private static void changeRoutes(Map<String, Integer> answers, CapturedOutput output)
      throws IOException {
    for (int i = 0; i < 4; i++) {
      int size = answers.size();
      await().atMost(SOON).until(() -> answers.size() > size + 50);
      String records = "maxRecords: \"%d\"".formatted(100 + i);
      change(
          DELIVER,
          original(DELIVER).replace("maxRecords: \"2000\"", records),
          TAKEN.formatted(DELIVER),
          output);
    }
    change(
        ACCEPT,
        original(ACCEPT).replace("Accepts customer", "Takes customer"),
        TAKEN.formatted(ACCEPT),
        output);
  }

  @Test
  void givesAHeldBatchBackToTheChangedRoute(CapturedOutput output) throws Exception {
    salesforce.send(
        "POST",
        "/__sim/faults",
        BodyPublishers.ofString(
            "{\"path\":\"composite/sobjects\",\"kind\":\"unavailable\",\"times\":100000}"));
    String id = post();
    await().atMost(SOON).until(() -> output.getAll().contains("SALESFORCE_UNAVAILABLE"));
    int before = written();

    change(
        DELIVER,
        original(DELIVER).replace("maxRecords: \"2000\"", "maxRecords: \"7\""),
        TAKEN.formatted(DELIVER),
        output);

    assertThat(delivered()).doesNotContain(id);
    salesforce.delete("/__sim/faults");
    await().atMost(SOON).until(() -> delivered().contains(id));
    assertThat(written() - before).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          group: contacts            | group: [contacts                  | line
          salesforce-upsert-sink     | salesforce-upsirt-sink            | salesforce-upsirt-sink
          events-batch-source        | events-bitch-source               | events-bitch-source
          contacts-salesforce.mapping| contact-salesforce.mapping        | contact-salesforce.mapping.yaml
          "2000"                     | "{{qanat.contacts.max-records}}"  | QANAT_CONTACTS_MAXRECORDS
          id: contacts-deliver       | id: contacts-send                 | contacts-deliver-salesforce
          """)
  void goesOnWithTheOldRouteWhereTheNewOneIsBroken(
      String good, String bad, String told, CapturedOutput output) throws Exception {
    change(DELIVER, original(DELIVER).replace(good, bad), REFUSED, output);

    assertThat(output.getAll().lines().filter(line -> line.contains(REFUSED)))
        .last()
        .asString()
        .contains(DELIVER)
        .contains(told);
    assertDelivers();
    change(
        DELIVER, original(DELIVER) + "\n# %s\n".formatted(told), TAKEN.formatted(DELIVER), output);
    assertDelivers();
  }

  @Test
  void saysWhatNeedsARestart(CapturedOutput output) throws Exception {
    String mapping = "contacts-salesforce.mapping.yaml";

    change(mapping, original(mapping) + "\n", mapping + " changed, which needs a restart", output);
    assertDelivers();
  }
}
