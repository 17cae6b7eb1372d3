package io.qanat.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Posts contacts over keep-alive connections, each sending its next as soon as the last is
 * answered. One thread, prebuilt requests: the processors are for the server.
 */
final class ClosedLoop {
  private static final int CONNECTIONS = 64;
  private static final int ID_DIGITS = 12;
  private static final String BODY =
      """
      {"externalId":"bench-000000000000","firstName":"Augusta Ada","lastName":"King of Lovelace",\
      "email":"ada.lovelace@example.com","phone":"+44 20 7946 0958","title":"Countess, and Enchantress of Numbers",\
      "mailingAddress":{"street":"Ockham Park, the second house on the left behind the mill, and ask for the analytical engine","city":"London","state":"Greater London",\
      "postalCode":"SW1Y 4JH","country":"United Kingdom of Great Britain and Northern Ireland"}}""";
  private static final String HEAD =
      """
      POST /contacts HTTP/1.1\r
      Host: 127.0.0.1\r
      Content-Type: application/json\r
      Accept: application/json\r
      User-Agent: qanat-bench\r
      Content-Length: %d\r
      \r
      """;

  private final InetSocketAddress address;
  private long lastId;

  ClosedLoop(int port) {
    address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** The request body with its external id. */
  static byte[] body(long id) {
    byte[] bytes = BODY.getBytes(StandardCharsets.UTF_8);
    writeId(bytes, BODY.indexOf("0".repeat(ID_DIGITS)), id);
    return bytes;
  }

  static String externalId(long id) {
    return "bench-%012d".formatted(id);
  }

  /** Whether the server accepts a contact. */
  boolean accepts() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              new URL("http", address.getHostString(), address.getPort(), "/contacts")
                  .openConnection();
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
      connection.getOutputStream().write(body(++lastId));
      return connection.getResponseCode() == HttpURLConnection.HTTP_ACCEPTED;
    } catch (IOException e) {
      return false;
    }
  }

  /** Loads the server for so long. */
  Latencies run(Duration duration) throws IOException {
    Latencies latencies = new Latencies();
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < CONNECTIONS; i++) {
        new Connection(selector).send();
      }
      long end = System.nanoTime() + duration.toNanos();
      while (System.nanoTime() < end) {
        selector.select(
            key -> {
              Connection connection = (Connection) key.attachment();
              if (connection.answered()) {
                latencies.add(System.nanoTime() - connection.sent);
                connection.send();
              }
            },
            1_000);
      }
      selector.keys().forEach(key -> ((Connection) key.attachment()).close());
    }
    return latencies;
  }

  private static void writeId(byte[] target, int offset, long id) {
    long rest = id;
    for (int i = offset + ID_DIGITS - 1; i >= offset; i--) {
      target[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  private final class Connection {
    private final SocketChannel channel;
    private final byte[] request;
    private final int idOffset;
    private final ByteBuffer answer = ByteBuffer.allocate(4_096);
    private long sent;

    Connection(Selector selector) throws IOException {
      String text = HEAD.formatted(BODY.length()) + BODY;
      request = text.getBytes(StandardCharsets.US_ASCII);
      idOffset = text.indexOf("0".repeat(ID_DIGITS));
      channel = SocketChannel.open(address);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send() {
      writeId(request, idOffset, ++lastId);
      answer.clear();
      sent = System.nanoTime();
      try {
        if (channel.write(ByteBuffer.wrap(request)) != request.length) {
          throw new IllegalStateException("The server does not read its requests");
        }
      } catch (IOException e) {
        throw new IllegalStateException("The server closed a connection", e);
      }
    }

    boolean answered() {
      try {
        if (channel.read(answer) < 0) {
          throw new IllegalStateException("The server closed a connection");
        }
      } catch (IOException e) {
        throw new IllegalStateException("The server closed a connection", e);
      }
      String text = new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
      // Both forms end the body, {"id":".."}, with this and nothing but the last chunk after it.
      boolean complete =
          text.endsWith("}") || (text.endsWith("0\r\n\r\n") && text.contains("chunked"));
      if (complete && !text.startsWith("HTTP/1.1 202 ")) {
        throw new IllegalStateException("Not accepted: " + text);
      }
      return complete;
    }

    void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
