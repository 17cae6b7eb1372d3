package io.qanat.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Asks over keep-alive connections, each sending its next request as soon as the last is answered.
 * One thread, prepared requests: the processors are for the server.
 */
final class ClosedLoop {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MOST_BYTES = 1 << 18;

  private final InetSocketAddress address;
  private final int connections;
  private final Supplier<Question> questions;

  ClosedLoop(int port, int connections, Supplier<Question> questions) {
    address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.connections = connections;
    this.questions = questions;
  }

  /** Whether the server answers as it must. */
  boolean isAnswered() {
    try {
      return run(1, PATIENCE, 1).total() > 0;
    } catch (IOException | IllegalStateException notYet) {
      return false;
    }
  }

  /**
   * Loads the server for so long.
   *
   * @throws IllegalStateException if an answer is not what it must be
   */
  Latencies run(Duration duration) throws IOException {
    return run(connections, duration, Long.MAX_VALUE);
  }

  private Latencies run(int clients, Duration duration, long most) throws IOException {
    Latencies latencies = new Latencies();
    try (Selector selector = Selector.open()) {
      try {
        for (int i = 0; i < clients; i++) {
          new Connection(selector).send();
        }
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end && latencies.total() < most) {
          selector.select(
              key -> {
                Connection connection = (Connection) key.attachment();
                if (connection.answered()) {
                  latencies.add(System.nanoTime() - connection.sent);
                  connection.question = questions.get();
                  connection.send();
                }
              },
              1_000);
        }
      } finally {
        selector.keys().forEach(key -> ((Connection) key.attachment()).close());
      }
    }
    return latencies;
  }

  private final class Connection {
    private final SocketChannel channel;
    private final ByteBuffer answer = ByteBuffer.allocate(MOST_BYTES);
    private Question question = questions.get();
    private long sent;

    Connection(Selector selector) throws IOException {
      channel = SocketChannel.open(address);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send() {
      answer.clear();
      sent = System.nanoTime();
      try {
        byte[] request = question.request();
        if (channel.write(ByteBuffer.wrap(request)) != request.length) {
          throw new IllegalStateException("The server does not read its requests");
        }
      } catch (IOException e) {
        throw new IllegalStateException("The server closed a connection", e);
      }
    }

    boolean answered() {
      if (!answer.hasRemaining()) {
        throw new IllegalStateException("An answer is longer than %,d bytes".formatted(MOST_BYTES));
      }
      try {
        if (channel.read(answer) < 0) {
          throw new IllegalStateException("The server closed a connection");
        }
      } catch (IOException e) {
        throw new IllegalStateException("The server closed a connection", e);
      }
      return question.isAnswered(
          new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1));
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
