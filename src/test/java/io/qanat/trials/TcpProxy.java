package io.qanat.trials;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A wire between the hub and a server, which a trial can cut or clog. */
final class TcpProxy implements AutoCloseable {
  /** What the wire does. */
  enum Mode {
    /** Carries everything. */
    PASS,
    /** Carries everything, but what the server says late. */
    DELAY,
    /** Carries everything, but what the client says late, a part at a time. */
    DELAY_REQUESTS,
    /** Resets what is connected and whoever connects. */
    RESET,
    /** Keeps connections open and carries nothing: a half-open peer. */
    SILENT
  }

  /** What is carried between a client and a server, until one of them ends. */
  interface Conversation {
    void carry(Socket client, Socket server) throws IOException;
  }

  private static final int CHUNK = 16 * 1024;

  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final @Nullable Conversation conversation;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "tcp-proxy");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Mode mode = Mode.PASS;
  private volatile long delayMillis = 200;

  TcpProxy(int targetPort) {
    this(targetPort, null);
  }

  /** A wire that does not carry bytes as they come, and looks at {@link #mode()} itself. */
  TcpProxy(int targetPort, @Nullable Conversation conversation) {
    this.conversation = conversation;
    target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
    try {
      listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.execute(this::accept);
  }

  /** Where clients find it. */
  URI url() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /** Changes what the wire does, for connections that are open too. */
  void mode(Mode mode) {
    this.mode = mode;
    if (mode == Mode.RESET) {
      sockets.forEach(TcpProxy::reset);
    }
  }

  /** What the wire does. */
  Mode mode() {
    return mode;
  }

  /** Where it listens. */
  int port() {
    return listener.getLocalPort();
  }

  /** How late the wire carries each part; one that waits behind it is later still. */
  void delayMillis(long millis) {
    delayMillis = millis;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        if (mode == Mode.RESET) {
          reset(client);
        } else {
          threads.execute(() -> connect(client));
        }
      } catch (IOException closed) {
        // Closed, or a client that went away; the next round tells.
      }
    }
  }

  private void connect(Socket client) {
    Socket server = new Socket();
    sockets.add(client);
    sockets.add(server);
    try {
      server.connect(target);
    } catch (IOException refused) {
      reset(client);
      return;
    }
    if (conversation != null) {
      threads.execute(() -> carry(client, server, conversation));
    } else {
      threads.execute(() -> carry(client, server, false));
      threads.execute(() -> carry(server, client, true));
    }
  }

  private void carry(Socket client, Socket server, Conversation conversation) {
    try (client;
        server) {
      conversation.carry(client, server);
    } catch (IOException closed) {
      // One end is gone: so is the other.
    } finally {
      sockets.remove(client);
      sockets.remove(server);
    }
  }

  private void carry(Socket from, Socket to, boolean answers) {
    byte[] chunk = new byte[CHUNK];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        if (mode == (answers ? Mode.DELAY : Mode.DELAY_REQUESTS)) {
          TimeUnit.MILLISECONDS.sleep(delayMillis);
        }
        if (mode != Mode.SILENT) {
          out.write(chunk, 0, n);
        }
      }
    } catch (IOException closed) {
      // One end is gone: so is the other.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private static void reset(Socket socket) {
    try (socket) {
      socket.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException closed) {
      // It is what was wanted.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    sockets.forEach(TcpProxy::reset);
    threads.shutdownNow();
  }
}
