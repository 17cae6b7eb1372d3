package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bodies that are larger than the hub takes, many at once.
 *
 * <p>Protections: the length is looked at before the body is read, a chunked body is read up to the
 * bound and no further, and what is compressed is not unpacked.
 */
@ExtendWith(World.Shared.class)
class OversizeTrial {
  private static final Logger LOG = LoggerFactory.getLogger(OversizeTrial.class);
  private static final int CHUNK = 64 * 1024;
  private static final long HUGE = 100L * 1024 * 1024;
  private static final int AT_ONCE = 16;
  private static final int ROUNDS = 3;
  private static final Duration FAST = Duration.ofSeconds(5);
  private static final double FLAT = 48.0 * 1024 * 1024;

  @EachFlow
  @DisplayName("T19 oversize, chunked and compressed bodies")
  void refusesHugeBodiesFastAndKeepsItsMemory(TrialFlow flow, World world) throws Exception {
    URI url = world.hub().url().resolve(flow.path());
    try (Ledger ledger = new Ledger(world, flow, "oversize")) {
      ledger.post(50, 4);
      long records = world.kafka().records(flow.topic());
      double before = world.hub().liveHeap();
      String bomb = bomb();
      ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
      try {
        for (int round = 0; round < ROUNDS; round++) {
          List<Future<String>> told = new ArrayList<>();
          List<Future<String>> chunked = new ArrayList<>();
          List<Future<String>> packed = new ArrayList<>();
          for (int i = 0; i < AT_ONCE; i++) {
            told.add(threads.submit(() -> sized(url, "", HUGE, "")));
            chunked.add(threads.submit(() -> chunked(url)));
            packed.add(
                threads.submit(
                    () -> sized(url, "Content-Encoding: gzip\r\n", bomb.length(), bomb)));
          }
          assertAnswered(told, "413");
          // Over the bound of all bodies together they are told to come back, as fast.
          assertAnswered(chunked, "413|503");
          assertAnswered(packed, "415");
        }
      } finally {
        threads.shutdownNow();
      }
      double after = world.hub().liveHeap();
      LOG.info("{} MB of the heap live before, {} MB after", mb(before), mb(after));

      assertThat(after - before).as("more heap, bytes").isLessThan(FLAT);
      assertThat(world.kafka().records(flow.topic())).isEqualTo(records);
      ledger.post(50, 4);
      assertThat(Balance.settled(world, ledger).delivered()).hasSize(100);
    }
  }

  private static void assertAnswered(List<Future<String>> answers, String statuses)
      throws Exception {
    for (Future<String> answer : answers) {
      assertThat(answer.get()).matches("HTTP/1.1 (" + statuses + ") .*");
    }
  }

  /** The status line that answers a body whose length is told. */
  private static String sized(URI hub, String header, long length, String body) throws IOException {
    long start = System.nanoTime();
    try (Socket socket = connect(hub)) {
      OutputStream out = socket.getOutputStream();
      out.write(
          head(hub, header + "Content-Length: " + length).getBytes(StandardCharsets.ISO_8859_1));
      out.write(body.getBytes(StandardCharsets.ISO_8859_1));
      return inTime(start, statusLine(socket.getInputStream()));
    }
  }

  /** The status line that answers 100 MB in chunks; the hub need not read them all. */
  private static String chunked(URI hub) throws IOException {
    long start = System.nanoTime();
    byte[] chunk = new byte[CHUNK];
    java.util.Arrays.fill(chunk, (byte) ' ');
    try (Socket socket = connect(hub)) {
      OutputStream out = socket.getOutputStream();
      out.write(head(hub, "Transfer-Encoding: chunked").getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      try {
        for (long sent = 0; sent < HUGE && in.available() == 0; sent += CHUNK) {
          out.write((Integer.toHexString(CHUNK) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
          out.write(chunk);
          out.write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
      } catch (IOException closed) {
        // The hub has answered, and reads no more.
      }
      return inTime(start, statusLine(in));
    }
  }

  private static String inTime(long start, String statusLine) {
    assertThat(Duration.ofNanos(System.nanoTime() - start)).as(statusLine).isLessThan(FAST);
    return statusLine;
  }

  private static Socket connect(URI hub) throws IOException {
    Socket socket = new Socket(hub.getHost(), hub.getPort());
    socket.setSoTimeout((int) FAST.toMillis());
    return socket;
  }

  private static String head(URI hub, String headers) {
    return "POST %s HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\n%s\r\n\r\n"
        .formatted(hub.getPath(), headers);
  }

  private static String statusLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }

  /** 100 MB of blanks, packed. */
  private static String bomb() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      byte[] chunk = new byte[CHUNK];
      for (long size = 0; size < HUGE; size += CHUNK) {
        out.write(chunk);
      }
    }
    return packed.toString(StandardCharsets.ISO_8859_1);
  }

  private static long mb(double bytes) {
    return Math.round(bytes / 1024 / 1024);
  }
}
