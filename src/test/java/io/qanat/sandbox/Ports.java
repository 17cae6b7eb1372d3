package io.qanat.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Loopback ports: whether one is free, and which one is. */
public final class Ports {
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  private Ports() {}

  /**
   * Refuses a taken port in one line that names it and the property that moves its server.
   *
   * @param port the port, 0 for any
   * @param server who wants it
   * @param property the property that moves it
   */
  public static void requireFree(int port, String server, String property) {
    if (port != 0 && !isFree(port)) {
      throw new SandboxException(
          "Port %d is taken: free it or move %s with -D%s=<port>"
              .formatted(port, server, property));
    }
  }

  /**
   * A free port below the range that outgoing connections take: a stopped server's port stays its
   * own, and a client that retries cannot connect to itself. No port is given twice, because a
   * server may take a while to bind its own.
   */
  public static int free() {
    for (int attempt = 0; attempt < 1000; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
      if (GIVEN.add(port) && isFree(port)) {
        return port;
      }
    }
    throw new SandboxException("No free loopback port between 15000 and 32000");
  }

  /** The port itself, or a free one for 0. */
  static int orFree(int port) {
    return port == 0 ? free() : port;
  }

  static boolean isFree(int port) {
    return canBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        && canBind(new InetSocketAddress(port));
  }

  private static boolean canBind(InetSocketAddress address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
