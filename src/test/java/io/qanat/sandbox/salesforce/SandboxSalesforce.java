package io.qanat.sandbox.salesforce;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.PublicKey;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A Salesforce org, on loopback unless told: OAuth, sObjects, collections, composite and SOQL as
 * documented, with limits, row locks and faults on demand. Everything is in memory and gone when it
 * is closed.
 */
public final class SandboxSalesforce implements AutoCloseable {
  static {
    // Without it the answers of kept-alive connections wait 40 ms for the client's acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final Org org;
  private final URI url;

  private SandboxSalesforce(HttpServer server, ExecutorService threads, Org org, URI url) {
    this.server = server;
    this.threads = threads;
    this.org = org;
    this.url = url;
  }

  /** Starts on a port of 127.0.0.1, or on a free one if the port is 0. */
  public static SandboxSalesforce start(int port) {
    return start(port, Clock.systemUTC());
  }

  static SandboxSalesforce start(int port, Clock clock) {
    return start(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), null, clock);
  }

  /**
   * Starts on an address that others may reach, for a container's network.
   *
   * @param url where they find it, which is what it answers as the instance's URL
   */
  static SandboxSalesforce start(InetSocketAddress address, @Nullable URI url, Clock clock) {
    HttpServer server;
    try {
      server = HttpServer.create(address, 512);
    } catch (BindException e) {
      throw new IllegalStateException(
          "Port " + address.getPort() + " of the Salesforce stand-in is taken: " + e.getMessage(),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Unbounded, so that calls that a fault delays never starve the others.
    ExecutorService threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "sandbox-salesforce");
              thread.setDaemon(true);
              return thread;
            });
    Org org = Org.create(clock);
    URI found = url == null ? URI.create("http://127.0.0.1:" + server.getAddress().getPort()) : url;
    SandboxSalesforce sandbox = new SandboxSalesforce(server, threads, org, found);
    server.createContext("/", new Gateway(org, clock, sandbox.url()));
    server.setExecutor(threads);
    server.start();
    return sandbox;
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Where it is: the login URL and the instance URL alike. */
  public URI url() {
    return url;
  }

  /** Accepts the JWT bearer assertions that the owner of this key signs. */
  public void trust(PublicKey key) {
    org.tokens().trust(key);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /**
   * Runs until it is killed.
   *
   * @param args the port, 8089 if there is none; the address to listen on, loopback if there is
   *     none; the URL where others find it, needed with an address
   */
  public static void main(String[] args) throws InterruptedException {
    int port = args.length == 0 ? 8089 : Integer.parseInt(args[0]);
    if (args.length == 2) {
      throw new IllegalArgumentException("An address needs the URL where others find it");
    }
    try (SandboxSalesforce sandbox =
        args.length < 3
            ? start(port)
            : start(new InetSocketAddress(args[1], port), URI.create(args[2]), Clock.systemUTC())) {
      System.out.println("Salesforce stand-in on " + sandbox.url());
      new CountDownLatch(1).await();
    }
  }
}
