package io.qanat.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Timestamp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Locations of 10,000 people in a hall, ready to be sent: the processors are for the server. The
 * messages are those of the flow's {@code locations.proto}.
 */
final class Pings {
  /** How many an array over REST holds, which is as many as it may. */
  static final int ARRAY = 1_000;

  private static final int PEOPLE = 10_000;
  private static final Instant OPENS = Instant.parse("2026-10-05T09:00:00Z");

  private final byte[][] messages = new byte[PEOPLE][];
  private final byte[][] arrays = new byte[PEOPLE / ARRAY][];

  Pings() {
    Random random = new Random(1);
    String[] texts = new String[PEOPLE];
    for (int i = 0; i < PEOPLE; i++) {
      double longitude = 11.1128 + random.nextInt(30_000) / 1e7;
      double latitude = 49.4183 + random.nextInt(20_000) / 1e7;
      Instant time = OPENS.plusMillis(random.nextInt(9 * 3_600_000));
      messages[i] = message(i + 1, longitude, latitude, time);
      texts[i] =
          String.format(
              Locale.ROOT,
              "{\"person_id\":%d,\"longitude\":%.7f,\"latitude\":%.7f,\"creation_time\":\"%s\"}",
              i + 1,
              longitude,
              latitude,
              time);
    }
    for (int a = 0; a < arrays.length; a++) {
      arrays[a] =
          IntStream.range(a * ARRAY, (a + 1) * ARRAY)
              .mapToObj(i -> texts[i])
              .collect(Collectors.joining(",", "[", "]"))
              .getBytes(StandardCharsets.UTF_8);
    }
  }

  /** A {@code Location}; the numbers go round. */
  byte[] message(long number) {
    return messages[(int) (number % messages.length)];
  }

  /** A JSON array of {@value #ARRAY}; the numbers go round. */
  byte[] array(long number) {
    return arrays[(int) (number % arrays.length)];
  }

  private static byte[] message(long person, double longitude, double latitude, Instant time) {
    ByteString.Output bytes = ByteString.newOutput();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeInt64(1, person);
      out.writeDouble(2, longitude);
      out.writeDouble(3, latitude);
      out.writeMessage(
          4,
          Timestamp.newBuilder()
              .setSeconds(time.getEpochSecond())
              .setNanos(time.getNano())
              .build());
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteString().toByteArray();
  }

  /** How many locations a {@code Receipts} acknowledges. */
  static long accepted(byte[] receipts) {
    try {
      CodedInputStream in = CodedInputStream.newInstance(receipts);
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (tag >>> 3 == 1) {
          return in.readUInt32();
        }
        in.skipField(tag);
      }
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
