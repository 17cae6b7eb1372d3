package io.qanat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.rpc.BadRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.qanat.sandbox.GrpcCaller;
import io.qanat.sandbox.GrpcCaller.Streamed;
import io.qanat.sandbox.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;

/** Locations over gRPC, as a client sees it that knows only the address. */
@HubIT
class GrpcIT {
  private static final String SERVICE = "qanat.locations.v1.LocationService";
  private static final String HERE =
      "{\"person_id\":%d,\"longitude\":8.5,\"latitude\":47.25,\"creation_time\":\"2026-10-05T10:00:00.5Z\"}";

  @Value("${qanat.grpc.port}")
  private int port;

  @LocalServerPort private int httpPort;
  @LocalManagementPort private int managementPort;
  private GrpcCaller caller;

  @BeforeEach
  void connect() {
    caller = new GrpcCaller(port);
  }

  @AfterEach
  void disconnect() {
    caller.close();
  }

  @Test
  void tellsWhatItServesAndThatItIsHealthy() {
    assertThat(caller.services())
        .contains(
            SERVICE, "ItemService", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection");
    var health = HealthGrpc.newBlockingStub(caller.channel());
    for (String service : List.of("", SERVICE, "ItemService")) {
      assertThat(
              health.check(HealthCheckRequest.newBuilder().setService(service).build()).getStatus())
          .isEqualTo(ServingStatus.SERVING);
    }
  }

  @Test
  void takesALocationAndGivesItsReceipt() {
    String answer = caller.call(SERVICE + "/Report", HERE.formatted(1));

    assertThat(answer).matches("\\{\"id\":\"[0-9a-f-]{36}\",\"receipt\":\"locations-\\d+-\\d+\"}");
  }

  @Test
  void countsCallsByMethodAndStatus() {
    Http management = new Http("http://127.0.0.1:" + managementPort);
    String series =
        "grpc_server_processing_duration_seconds_count{application=\"qanat\",method=\"Report\",methodType=\"UNARY\",service=\"%s\",statusCode=\"%s\"}";

    caller.call(SERVICE + "/Report", HERE.formatted(1));
    assertThatThrownBy(() -> caller.call(SERVICE + "/Report", "{}"))
        .isInstanceOf(StatusRuntimeException.class);

    assertThat(management.get("/actuator/prometheus").response().body())
        .contains(series.formatted(SERVICE, "OK"))
        .contains(series.formatted(SERVICE, "INVALID_ARGUMENT"));
  }

  @Test
  void acknowledgesEachMessageOfAStreamOnce() throws Exception {
    int messages = 3_000;

    Streamed streamed =
        caller.stream(
            SERVICE + "/ReportStream",
            IntStream.range(0, messages).mapToObj(n -> HERE.formatted(n + 1)).iterator());
    streamed.end().get(60, TimeUnit.SECONDS);

    Set<String> receipts = new HashSet<>();
    int accepted = 0;
    for (String answer : streamed.answers()) {
      var json = new JsonMapper().readTree(answer);
      accepted += json.path("accepted").asInt();
      json.path("receipts").forEach(r -> receipts.add(r.asText()));
    }
    assertThat(accepted).isEqualTo(messages);
    assertThat(receipts).hasSize(messages);
  }

  @Test
  void endsAStreamAtTheFirstBadMessageAndSaysWhichItIs() {
    Streamed streamed =
        caller.stream(
            SERVICE + "/ReportStream",
            IntStream.range(0, 700)
                .mapToObj(
                    n -> n == 600 ? HERE.formatted(1).replace("47.25", "91") : HERE.formatted(1))
                .iterator());

    assertThat(streamed.end())
        .failsWithin(Duration.ofSeconds(60))
        .withThrowableOfType(ExecutionException.class)
        .extracting(Throwable::getCause, throwable(StatusRuntimeException.class))
        .satisfies(
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
              assertThat(e.getStatus().getDescription())
                  .isEqualTo("[600].latitude: must have a maximum value of 90");
            });
    assertThat(streamed.answers()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "47.25| -90.001| latitude: must have a minimum value of -90",
        "47.25| \"NaN\"| latitude: must be a finite number",
        "47.25| \"Infinity\"| latitude: must be a finite number",
        "8.5| 180.5| longitude: must have a maximum value of 180",
        "\"person_id\":1,| | person_id: must have a minimum value of 1",
      })
  void tellsWhatIsWrongWithALocation(String good, String bad, String words) {
    String message = HERE.formatted(1).replace(good, bad == null ? "" : bad);
    assertThatThrownBy(() -> caller.call(SERVICE + "/Report", message))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
              assertThat(e.getStatus().getDescription()).isEqualTo(words);
              assertThat(StatusProto.fromThrowable(e).getDetailsList())
                  .anyMatch(d -> d.is(BadRequest.class));
            });
  }

  @Test
  void takesWhatOldDevicesSendAndGivesItBack() {
    assertThat(
            caller.call("ItemService/Create", "{\"userId\":5,\"latitude\":37,\"longitude\":-122}"))
        .isEqualTo("{\"userId\":5,\"latitude\":37,\"longitude\":-122}");
  }

  @Test
  void losesNothingOfWhatAnotherLanguagesClientStreams(@TempDir Path work) throws Exception {
    assumeTrue(Programs.isOnThePath("npm"), "npm is not on the path");
    int count = 100_000;
    Path source = Path.of("src", "test", "js", "grpc");
    for (String file : List.of("package.json", "package-lock.json", "stream.mjs")) {
      Files.copy(source.resolve(file), work.resolve(file));
    }
    Programs.succeed(
        work,
        List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"));
    long person =
        new HubFixture(httpPort)
            .hub()
            .json(
                "POST",
                "/api/persons",
                "{\"first_name\":\"Node\",\"last_name\":\"Js\",\"company_name\":\"C\"}")
            .json()
            .path("id")
            .asLong();

    String output =
        Programs.succeed(
            work,
            List.of(
                "node",
                "stream.mjs",
                Path.of("routes", "locations", "locations.proto").toAbsolutePath().toString(),
                "127.0.0.1:" + port,
                Long.toString(person),
                Integer.toString(count)));

    assertThat(output).contains("sent %1$d, accepted %1$d, receipts %1$d".formatted(count));
    await().atMost(Duration.ofMinutes(2)).until(() -> stored(person) == count);
  }

  private static long stored(long person) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                HubIT.StartsSandbox.sandbox().postgreSql().url(), "qanat", "qanat");
        var statement = connection.createStatement();
        var result =
            statement.executeQuery(
                "select count(*) from locations.location where person_id = " + person)) {
      result.next();
      return result.getLong(1);
    }
  }
}
