package io.qanat.bench;

import java.util.function.BooleanSupplier;

/** A way to send locations to a hub, from prebuilt messages. */
interface PingClient extends AutoCloseable {
  /**
   * Sends for as long as there are more, waits until all that was sent is acknowledged, and tells
   * how many locations that were.
   *
   * @param more whether to send another message; asked by several threads
   * @throws IllegalStateException if something sent is not acknowledged
   */
  long send(BooleanSupplier more);

  @Override
  void close();
}
