package io.qanat.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.boot.test.context.SpringBootTest.WebEnvironment.RANDOM_PORT;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import io.qanat.QanatApplication;
import io.qanat.it.Http.Answer;
import io.qanat.sandbox.MongoDb;
import io.qanat.sandbox.Redis;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Records that Redis keeps, and that are answered without it. */
@SpringBootTest(
    classes = QanatApplication.class,
    webEnvironment = RANDOM_PORT,
    properties = {
      "management.server.port=0",
      "qanat.flows=records",
      "qanat.roles=query",
      "logging.level.org.apache.kafka=ERROR",
      // A busy machine is not taken for one that is away.
      "spring.data.redis.timeout=2s",
      "spring.data.redis.connect-timeout=2s"
    })
@AutoConfigureObservability(tracing = false)
@DirtiesContext
@ExtendWith(OutputCaptureExtension.class)
class RedisIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  // If they waited one behind the other, it would be twenty times that.
  private static final Duration QUICKLY = Duration.ofSeconds(10);
  private static final int CALLERS = 100;

  @TempDir private static Path folder;
  private static Sandbox sandbox;
  private static Redis redis;

  @Autowired private MongoDatabase database;
  @Autowired private StringRedisTemplate kept;
  @LocalServerPort private int port;
  @LocalManagementPort private int managementPort;
  private Http hub;
  private Http management;
  private String id;

  @BeforeAll
  static void startServers() {
    sandbox = Sandbox.start(SandboxSettings.forTests(Server.MONGODB));
    redis = Redis.start(folder);
  }

  @DynamicPropertySource
  static void servers(DynamicPropertyRegistry properties) {
    sandbox.properties().forEach((name, value) -> properties.add(name, () -> value));
    redis.properties().forEach((name, value) -> properties.add(name, () -> value));
  }

  @AfterAll
  static void stopServers() {
    redis.close();
    sandbox.close();
  }

  @BeforeEach
  void aKeptRecord() {
    hub = new Http("http://127.0.0.1:" + port);
    management = new Http("http://127.0.0.1:" + managementPort);
    id = insert(new Document("kind", "well"));
    awaitKept(id);
  }

  private MongoCollection<Document> records() {
    return database.getCollection("records");
  }

  private String insert(Document data) {
    String newId = "r-" + UUID.randomUUID();
    records().insertOne(new Document("_id", newId).append("data", data));
    return newId;
  }

  private static String key(String id) {
    return "qanat:records::qanat.records {\"_id\": \"%s\"} {}".formatted(id);
  }

  private void awaitKept(String id) {
    await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(() -> hub.get("/data/" + id).status() == 200 && kept.hasKey(key(id)));
  }

  private byte[] raw(String id) {
    return kept.execute(
        (RedisCallback<byte[]>) redis -> redis.stringCommands().get(key(id).getBytes(UTF_8)));
  }

  @Test
  void answersFromRedisWithTheVerySameBytesForAWhile() {
    String odd =
        insert(
            new Document("decimal", Decimal128.parse("12345678901234567890.1234567890"))
                .append("double", 1.0e10)
                .append("long", 1L << 60)
                .append("whole", 2.0)
                .append("%24where", List.of(1, "%25", new Document("", null))));
    Answer first = hub.get("/data/" + odd);
    awaitKept(odd);
    assertThat(kept.getExpire(key(odd))).isBetween(1L, 600L);
    assertThat(new RawBsonDocument(raw(odd)).getString("_id").getValue()).isEqualTo(odd);

    records().deleteOne(new Document("_id", odd));
    Answer again = hub.get("/data/" + odd);

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.response().body()).isEqualTo(first.response().body());
    assertThat(hub.get("/data/" + odd, "If-None-Match", first.header("ETag")).status())
        .isEqualTo(304);
  }

  @Test
  void countsHitsAndMisses() {
    hub.get("/data/" + id);

    assertThat(management.get("/actuator/prometheus").response().body())
        .containsPattern("cache_gets_total\\{[^}]*cache=\"records\",[^}]*result=\"hit\"} [1-9]")
        .containsPattern("cache_gets_total\\{[^}]*cache=\"records\",[^}]*result=\"miss\"} [1-9]");
  }

  @Test
  void readsAnewWhatIsNoRecordInRedis() {
    for (String strange :
        List.of("", "x", "\u0005\u0000\u0000\u0000", "\u00ac\u00ed\u0000\u0005")) {
      kept.opsForValue().set(key(id), strange);

      assertThat(hub.get("/data/" + id).response().body()).contains("\"kind\":\"well\"");
    }
  }

  @Test
  void answersWhatIsKeptWhileMongoDbIsAway() {
    MongoDb mongoDb = sandbox.mongoDb();
    String other = insert(new Document("kind", "spring"));
    mongoDb.stop();
    try {
      assertThat(hub.get("/data/" + id).status()).isEqualTo(200);
      assertThat(hub.get("/data/" + other).status()).isEqualTo(503);
    } finally {
      mongoDb.start();
    }
    await().atMost(SOON).until(() -> hub.get("/data/" + other).status() == 200);
  }

  @Test
  void goesOnFromMongoDbWhileRedisIsGone(CapturedOutput output) {
    redis.kill();
    try {
      everybodyIsAnsweredQuickly();
    } finally {
      redis.start();
    }
    keepsAgainAndHasSaidSoOnce(output);
  }

  @Test
  void goesOnFromMongoDbWhileRedisIsFrozen(CapturedOutput output) {
    redis.pause();
    try {
      everybodyIsAnsweredQuickly();
    } finally {
      redis.resume();
    }
    keepsAgainAndHasSaidSoOnce(output);
  }

  private void everybodyIsAnsweredQuickly() {
    ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    try {
      long start = System.nanoTime();
      List<CompletableFuture<Integer>> answers =
          IntStream.range(0, CALLERS)
              .mapToObj(
                  i ->
                      CompletableFuture.supplyAsync(() -> hub.get("/data/" + id).status(), callers))
              .toList();
      assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(200));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(QUICKLY);
    } finally {
      callers.shutdown();
    }
    assertThat(management.get("/actuator/health/readiness").status()).isEqualTo(200);
    assertThat(management.get("/actuator/health").status()).isEqualTo(200);
  }

  private void keepsAgainAndHasSaidSoOnce(CapturedOutput output) {
    String other = insert(new Document("kind", "spring"));
    awaitKept(other);
    assertThat(output).containsOnlyOnce("The cache records does not answer");
    assertThat(output).containsOnlyOnce("The cache records answers again");
  }
}
