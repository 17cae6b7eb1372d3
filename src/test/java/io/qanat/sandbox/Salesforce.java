package io.qanat.sandbox;

import io.qanat.sandbox.salesforce.SandboxSalesforce;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The Salesforce stand-in, in this JVM; its records are gone when it stops. */
public final class Salesforce implements SandboxServer {
  static final String CLIENT_ID = "qanat";
  static final String CLIENT_SECRET = "qanat";

  private final int port;
  private @Nullable SandboxSalesforce org;

  private Salesforce(int port) {
    this.port = port;
  }

  /** A started stand-in on the port; 0 for a free port, which it then keeps. */
  public static Salesforce start(int port) {
    Salesforce salesforce = new Salesforce(Ports.orFree(port));
    salesforce.start();
    return salesforce;
  }

  /** Starts it on its port, empty; does nothing when it runs. */
  public synchronized void start() {
    if (org == null) {
      org = SandboxSalesforce.start(port);
    }
  }

  /** Stops it: connections are refused, and its records are gone. */
  public synchronized void stop() {
    if (org != null) {
      org.close();
      org = null;
    }
  }

  /** The login URL. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  @Override
  public String name() {
    return Server.SALESFORCE.title();
  }

  @Override
  public String kind() {
    return "stand-in";
  }

  @Override
  public String address() {
    return url().toString();
  }

  @Override
  public Map<String, String> properties() {
    return Map.of(
        "qanat.salesforce.login-url", url().toString(),
        "qanat.salesforce.client-id", CLIENT_ID,
        "qanat.salesforce.client-secret", CLIENT_SECRET);
  }

  @Override
  public void close() {
    stop();
  }
}
