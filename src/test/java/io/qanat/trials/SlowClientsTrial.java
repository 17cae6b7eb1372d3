package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import io.qanat.trials.Entry.Outcome;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients that say nothing, or take their time.
 *
 * <p>Protections: connections that bring no request are closed after 5 s, a body must be there
 * after 10 s, what is left of one that is refused is not read, and health is asked for at another
 * port.
 */
@ExtendWith(World.Shared.class)
class SlowClientsTrial {
  private static final Logger LOG = LoggerFactory.getLogger(SlowClientsTrial.class);
  private static final int IDLE = 10_000;
  private static final int RESERVED_FILES = 2_000;
  private static final int SLOW_HEADS = 400;
  // On Java 17 a body that is waited for takes one of 200 threads; from 21 on, no platform thread.
  private static final int SLOW_BODIES = 150;
  private static final long BOUND_MS = 12_000;
  private static final Duration SOON = Duration.ofMinutes(1);

  @Test
  @DisplayName("T31 ten thousand idle connections")
  void servesOthersWhileTenThousandConnectionsSayNothing(World world) throws Exception {
    int many = Math.min(IDLE, (int) openFiles() - RESERVED_FILES);
    try (Ledger ledger = new Ledger(world, Contacts.FLOW, "idle");
        Crowd crowd = new Crowd(world, many)) {
      crowd.say("");
      serves(world, ledger, many + " idle connections");
    }
  }

  @Test
  @Tag("long")
  @DisplayName("T31 slowloris: headers and bodies that come a byte a second")
  void servesOthersWhileHundredsOfRequestsComeByteByByte(World world) throws Exception {
    try (Ledger ledger = new Ledger(world, Contacts.FLOW, "slowloris");
        Crowd heads = new Crowd(world, SLOW_HEADS);
        Crowd bodies = new Crowd(world, SLOW_BODIES)) {
      heads.say("POST /contacts HTTP/1.1\r\nHost: hub\r\nX-Slow: ");
      bodies.say(
          "POST /contacts HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\n"
              + "Content-Length: 1000\r\n\r\n{");
      heads.drip();
      bodies.drip();
      serves(world, ledger, (SLOW_HEADS + SLOW_BODIES) + " slow requests");
    }
  }

  private static void serves(World world, Ledger ledger, String crowd) throws Exception {
    CompletableFuture<Void> others = ledger.postUntil(200, 8, false, () -> false);
    while (!others.isDone()) {
      assertThat(world.hub().management("/actuator/health/liveness")).isEqualTo(200);
      assertThat(world.hub().management("/actuator/health/readiness")).isEqualTo(200);
    }
    others.join();
    List<Long> millis = ledger.entries().stream().map(Entry::millis).sorted().toList();
    LOG.info(
        "with {}: others answered after {} ms (median), {} ms (longest)",
        crowd,
        millis.get(millis.size() / 2),
        millis.get(millis.size() - 1));
    assertThat(ledger.changes(Outcome.OK)).hasSize(200);
    assertThat(millis.get(millis.size() - 1)).as("longest, ms").isLessThan(BOUND_MS);
    assertThat(Balance.settled(world, ledger).delivered()).hasSize(200);
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : IDLE + RESERVED_FILES;
  }

  /** Many connections to the hub. */
  private static final class Crowd implements AutoCloseable {
    private final List<SocketChannel> channels = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    Crowd(World world, int size) throws IOException {
      InetSocketAddress hub =
          new InetSocketAddress(world.hub().url().getHost(), world.hub().url().getPort());
      for (int i = 0; i < size; i++) {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(hub);
        channels.add(channel);
      }
    }

    /** Waits until most are connected, and lets each say this. */
    void say(String text) {
      await("most are connected")
          .atMost(SOON)
          .until(
              () -> {
                int connected = 0;
                for (SocketChannel channel : channels) {
                  connected += isConnected(channel) ? 1 : 0;
                }
                return connected >= channels.size() * 8 / 10;
              });
      channels.forEach(channel -> write(channel, text));
    }

    /** Lets each say one more letter every second. */
    void drip() {
      var unused =
          timer.scheduleAtFixedRate(
              () -> channels.forEach(channel -> write(channel, "x")), 1, 1, TimeUnit.SECONDS);
    }

    private static boolean isConnected(SocketChannel channel) {
      try {
        return channel.finishConnect();
      } catch (IOException refused) {
        return false;
      }
    }

    private static void write(SocketChannel channel, String text) {
      try {
        if (channel.isConnected()) {
          channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
        }
      } catch (IOException closed) {
        // The hub has had enough of it.
      }
    }

    @Override
    public void close() throws IOException {
      timer.shutdownNow();
      for (SocketChannel channel : channels) {
        channel.close();
      }
    }
  }
}
