package io.qanat.sandbox.salesforce;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Gives out 18-character record ids in a repeatable order, and checks those of clients. */
final class Ids {
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final String CHECKSUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

  // An odd start, so that the ids mix digits with letters of both cases as real ones do.
  private final AtomicLong next = new AtomicLong(36_028_797_018L);

  String next(String keyPrefix) {
    char[] body = new char[12];
    long rest = next.getAndIncrement();
    for (int i = body.length - 1; i >= 0; i--) {
      body[i] = DIGITS.charAt((int) (rest % 62));
      rest /= 62;
    }
    return extend(keyPrefix + new String(body));
  }

  /** The 18 characters of an id of 15 or 18, or null if it is no id. */
  static @Nullable String normalize(String id) {
    if (id.length() != 15 && id.length() != 18) {
      return null;
    }
    for (int i = 0; i < 15; i++) {
      if (DIGITS.indexOf(id.charAt(i)) < 0) {
        return null;
      }
    }
    String full = extend(id.substring(0, 15));
    return id.length() == 15 || full.equals(id) ? full : null;
  }

  private static String extend(String id) {
    StringBuilder full = new StringBuilder(id);
    for (int chunk = 0; chunk < 15; chunk += 5) {
      int bits = 0;
      for (int i = 0; i < 5; i++) {
        if (Character.isUpperCase(id.charAt(chunk + i))) {
          bits |= 1 << i;
        }
      }
      full.append(CHECKSUM.charAt(bits));
    }
    return full.toString();
  }
}
