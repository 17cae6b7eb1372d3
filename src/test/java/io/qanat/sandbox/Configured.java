package io.qanat.sandbox;

import java.util.Map;
import java.util.TreeMap;

/** A real server that somebody else runs, in place of the sandbox's own. */
record Configured(String name, String address, Map<String, String> properties)
    implements SandboxServer {

  /** The real server at the address, with the credentials that are configured beside it. */
  static Configured of(Server server, String address, SandboxSettings settings) {
    Map<String, String> properties = new TreeMap<>();
    switch (server) {
      case KAFKA -> properties.put("qanat.kafka.bootstrap-servers", address);
      case MONGODB -> properties.put("qanat.mongodb.uri", address);
      case POSTGRESQL -> {
        properties.put("qanat.postgresql.url", address);
        pass(settings, "postgresql.username", properties);
        pass(settings, "postgresql.password", properties);
      }
      case SALESFORCE -> {
        properties.put("qanat.salesforce.login-url", address);
        pass(settings, "salesforce.client-id", properties);
        pass(settings, "salesforce.client-secret", properties);
      }
    }
    return new Configured(server.title(), address, properties);
  }

  private static void pass(
      SandboxSettings settings, String option, Map<String, String> properties) {
    settings.option(option).ifPresent(value -> properties.put("qanat." + option, value));
  }

  @Override
  public String kind() {
    return "configured";
  }

  @Override
  public void close() {}
}
