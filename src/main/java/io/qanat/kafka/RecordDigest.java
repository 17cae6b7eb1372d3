package io.qanat.kafka;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Tells records apart by what they hold, where a position alone does not: topics are made anew. */
public final class RecordDigest {
  private static final int NULL = -1;

  private RecordDigest() {}

  /** The SHA-256 of a record's key and value, in hexadecimal. */
  public static String of(ConsumerRecord<byte[], byte[]> record) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      update(digest, record.key());
      update(digest, record.value());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void update(MessageDigest digest, byte @Nullable [] part) {
    int length = part == null ? NULL : part.length;
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).flip());
    if (part != null) {
      digest.update(part);
    }
  }
}
