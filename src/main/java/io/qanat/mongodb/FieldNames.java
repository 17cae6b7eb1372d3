package io.qanat.mongodb;

/**
 * Names of fields as MongoDB can keep them, whatever is in them: what every supported server or its
 * drivers refuse (a dot, a dollar sign in front, U+0000) stands percent-encoded, and so does the
 * percent sign.
 */
final class FieldNames {
  private FieldNames() {}

  /** The name in MongoDB of a field of JSON. */
  static String encode(String name) {
    StringBuilder encoded = null;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean odd = isOdd(c) && (c != '$' || i == 0);
      if (odd && encoded == null) {
        encoded = new StringBuilder(name.length() + 8).append(name, 0, i);
      }
      if (odd) {
        encoded.append("%%%02X".formatted((int) c));
      } else if (encoded != null) {
        encoded.append(c);
      }
    }
    return encoded == null ? name : encoded.toString();
  }

  /** The name in JSON of a field of MongoDB. */
  static String decode(String name) {
    int percent = name.indexOf('%');
    if (percent < 0) {
      return name;
    }
    StringBuilder decoded = new StringBuilder(name.length());
    int from = 0;
    while (percent >= 0) {
      int c = percent + 2 < name.length() ? odd(name, percent) : -1;
      decoded.append(name, from, percent).append(c < 0 ? '%' : (char) c);
      from = percent + (c < 0 ? 1 : 3);
      percent = name.indexOf('%', from);
    }
    return decoded.append(name, from, name.length()).toString();
  }

  /** The character that was encoded here, or -1: others write to collections too. */
  private static int odd(String name, int percent) {
    int high = Character.digit(name.charAt(percent + 1), 16);
    int low = Character.digit(name.charAt(percent + 2), 16);
    int c = high * 16 + low;
    return high >= 0 && low >= 0 && isOdd((char) c) ? c : -1;
  }

  private static boolean isOdd(char c) {
    return c == '%' || c == '.' || c == '$' || c == 0;
  }
}
