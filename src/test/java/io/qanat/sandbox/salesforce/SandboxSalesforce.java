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

/**
 * A Salesforce org on loopback: OAuth, sObjects, collections, composite and SOQL as documented,
 * with limits, row locks and faults on demand. Everything is in memory and gone when it is closed.
 */
public final class SandboxSalesforce implements AutoCloseable {
  static {
    // Without it the answers of kept-alive connections wait 40 ms for the client's acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final Org org;

  private SandboxSalesforce(HttpServer server, ExecutorService threads, Org org) {
    this.server = server;
    this.threads = threads;
    this.org = org;
  }

  /** Starts on a port of 127.0.0.1, or on a free one if the port is 0. */
  public static SandboxSalesforce start(int port) {
    return start(port, Clock.systemUTC());
  }

  static SandboxSalesforce start(int port, Clock clock) {
    HttpServer server;
    try {
      server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 512);
    } catch (BindException e) {
      throw new IllegalStateException(
          "Port " + port + " of the Salesforce stand-in is taken: " + e.getMessage(), e);
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
    SandboxSalesforce sandbox = new SandboxSalesforce(server, threads, org);
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
    return URI.create("http://127.0.0.1:" + port());
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

  /** Runs until it is killed: the only argument is the port, 8089 if there is none. */
  public static void main(String[] args) throws InterruptedException {
    int port = args.length == 0 ? 8089 : Integer.parseInt(args[0]);
    try (SandboxSalesforce sandbox = start(port)) {
      System.out.println("Salesforce stand-in on " + sandbox.url());
      new CountDownLatch(1).await();
    }
  }
}
