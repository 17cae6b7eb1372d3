package io.qanat.sandbox;

import io.qanat.QanatApplication;
import java.util.Locale;
import java.util.Optional;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.CommandLinePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/** The hub with everything that it talks to: {@code ./mvnw spring-boot:test-run}. */
public final class SandboxApplication {
  private static final String MOVE = "spring-boot.run.arguments=--";

  private SandboxApplication() {}

  /** Arguments are the hub's. */
  public static void main(String[] args) {
    ParentWatch.followIfAsked();
    CommandLinePropertySource<?> arguments = new SimpleCommandLinePropertySource(args);
    exitIfTaken(arguments, "server.port", 8080);
    exitIfTaken(arguments, "management.server.port", 8081);
    exitIfTaken(arguments, "qanat.grpc.port", 9090);
    Sandbox sandbox =
        SandboxServers.exitOnRefusal(() -> Sandbox.start(SandboxSettings.fromEnvironment()));
    // The hub lets go of the servers before they stop.
    SpringApplication.getShutdownHandlers().add(sandbox::close);
    sandbox.properties().forEach((name, value) -> System.getProperties().putIfAbsent(name, value));
    try {
      Environment hub =
          SpringApplication.from(QanatApplication::main)
              .withAdditionalProfiles("sandbox")
              .run(args)
              .getApplicationContext()
              .getEnvironment();
      System.out.println(welcome(sandbox, hub));
    } catch (RuntimeException | Error e) {
      // Spring has said why; the servers must not outlive the hub.
      System.exit(1);
    }
  }

  private static void exitIfTaken(CommandLinePropertySource<?> arguments, String name, int unset) {
    String port =
        Optional.ofNullable(arguments.getProperty(name))
            .or(() -> Optional.ofNullable(System.getProperty(name)))
            .or(
                () ->
                    Optional.ofNullable(
                        System.getenv(name.toUpperCase(Locale.ROOT).replace('.', '_'))))
            .orElse(Integer.toString(unset));
    SandboxServers.exitOnRefusal(
        () -> {
          Ports.requireFree(Integer.parseInt(port), "the hub", MOVE + name);
          return port;
        });
  }

  private static String welcome(Sandbox sandbox, Environment hub) {
    String api = "http://127.0.0.1:" + hub.getProperty("local.server.port", "8080");
    Optional<String> management =
        Optional.ofNullable(hub.getProperty("local.management.port"))
            .map(port -> "http://127.0.0.1:" + port);
    SandboxReport report =
        SandboxReport.of(sandbox)
            .row("Hub", "this process", api + "/api")
            .row("gRPC", "this process", "127.0.0.1:" + hub.getProperty("qanat.grpc.port", "9090"));
    management.ifPresent(
        address -> report.row("Hawtio", "this process", address + "/actuator/hawtio"));
    String salesforce =
        sandbox.properties().getOrDefault("qanat.salesforce.login-url", "http://127.0.0.1:8089");
    return """

        The hub is ready; Ctrl-C stops everything.

        %s
        Try:
          curl -s -X POST %s/contacts -H 'Content-Type: application/json' \
        -d '{"externalId":"c-1","firstName":"Ada","lastName":"Lovelace","email":"ada@example.com"}'
          curl -s '%s/__sim/records?object=Contact'
          curl -s %s/openapi/contacts.yaml
        """
        .formatted(report.table(), api, salesforce, api);
  }
}
