package io.qanat.sandbox;

import java.util.Arrays;
import java.util.Locale;

/** The servers that the sandbox knows, with the ports they have unless moved. */
public enum Server {
  /** In the middle of every flow. */
  KAFKA("Kafka", 9092, "bootstrap-servers"),
  /** Documents. */
  MONGODB("MongoDB", 27017, "uri"),
  /** Locations. */
  POSTGRESQL("PostgreSQL", 5433, "url"),
  /** Contacts. */
  SALESFORCE("Salesforce", 8089, "url");

  private final String title;
  private final int defaultPort;
  private final String addressOption;

  Server(String title, int defaultPort, String addressOption) {
    this.title = title;
    this.defaultPort = defaultPort;
    this.addressOption = addressOption;
  }

  static Server of(String name) {
    return Arrays.stream(values())
        .filter(server -> server.key().equals(name.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new SandboxException(
                    "Unknown server '%s': qanat.sandbox.servers takes %s"
                        .formatted(name, Arrays.stream(values()).map(Server::key).toList())));
  }

  String title() {
    return title;
  }

  int defaultPort() {
    return defaultPort;
  }

  /** Its word in property names and folders. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The property that names a real one. */
  String addressOption() {
    return key() + "." + addressOption;
  }

  String portOption() {
    return key() + ".port";
  }
}
