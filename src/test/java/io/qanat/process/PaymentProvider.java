package io.qanat.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * A payment provider over HTTP, as real ones are: it charges once for each Idempotency-Key, and
 * gives the same answer whenever it is asked again.
 */
public final class PaymentProvider implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, AtomicInteger> charges = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile IntFunction<Reply> behaviour = number -> Reply.CHARGE;

  /** What it does about a request. */
  public enum Reply {
    /** Charges, and says so. */
    CHARGE,
    /** Charges, and says nothing for longer than anybody waits. */
    CHARGE_AND_HANG,
    /** Charges, and cuts the line. */
    CHARGE_AND_DROP,
    /** Says that it was declined, as 402. */
    DECLINE,
    /** Fails before anything is charged. */
    FAIL,
    /** Says that it is asked too often. */
    THROTTLE,
    /** Does not understand the request. */
    REFUSE,
    /** Says something that is no JSON. */
    BABBLE
  }

  /** A request as it came. */
  public record Request(String key, String authorization, String body) {}

  public PaymentProvider() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/payments", this::answer);
    server.start();
  }

  /** Where it takes payments. */
  public String url() {
    return "http://127.0.0.1:%d/payments".formatted(server.getAddress().getPort());
  }

  /** What it does about each request, by its number from 1 on. */
  public void behave(IntFunction<Reply> behaviour) {
    this.behaviour = behaviour;
  }

  /** How often each key was charged. */
  public Map<String, AtomicInteger> charges() {
    return charges;
  }

  /** All requests in the order in which they came. */
  public List<Request> requests() {
    return requests;
  }

  private void answer(HttpExchange http) throws IOException {
    String key = http.getRequestHeaders().getFirst("Idempotency-Key");
    String authorization = http.getRequestHeaders().getFirst("Authorization");
    String body = new String(http.getRequestBody().readAllBytes(), UTF_8);
    Reply reply;
    synchronized (requests) {
      requests.add(
          new Request(key == null ? "" : key, authorization == null ? "" : authorization, body));
      reply = behaviour.apply(requests.size());
    }
    switch (reply) {
      case CHARGE -> reply(http, 200, charge(key, body));
      case CHARGE_AND_DROP -> {
        charge(key, body);
        http.close();
      }
      case CHARGE_AND_HANG -> charge(key, body);
      case DECLINE -> reply(http, 402, "{\"status\":\"card_declined\",\"id\":\"d-1\"}");
      case FAIL -> reply(http, 500, "oh");
      case THROTTLE -> reply(http, 429, "");
      case REFUSE -> reply(http, 422, "{}");
      case BABBLE -> reply(http, 200, "<html>");
    }
  }

  private String charge(String key, String body) {
    // A charge that was made is not made again: its answer is known by its key.
    charges.computeIfAbsent(key, k -> new AtomicInteger(1));
    return "{\"status\":\"%s\",\"reference\":\"p-%s\"}"
        .formatted(body.contains("\"productId\":\"1\"") ? "Success" : "Declined", key);
  }

  private static void reply(HttpExchange http, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    http.getResponseHeaders().add("Content-Type", "application/json");
    http.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    http.getResponseBody().write(bytes);
    http.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
