package io.qanat.accept;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code wait} preference of a {@code Prefer} header (RFC 7240). A preference that is malformed
 * or unknown is no error: it is passed over.
 */
final class PreferWait {
  /** The exchange property that holds the seconds, if the caller prefers to wait. */
  static final String SECONDS = "preferWait";

  private static final int MAX_LENGTH = 1_000;
  private static final Pattern QUOTED_NUMBER = Pattern.compile("\"([0-9]*)\"");
  private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"");
  private static final Pattern WAIT =
      Pattern.compile("\\s*wait\\s*(?:=\\s*([^\\s;]*)\\s*)?(?:;.*)?", Pattern.CASE_INSENSITIVE);
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private PreferWait() {}

  /**
   * For how many seconds a caller prefers to wait; 0 if it does not.
   *
   * @param header the header's value, or the list of its values
   */
  static int seconds(@Nullable Object header) {
    if (header == null) {
      return 0;
    }
    String preferences =
        header instanceof List<?> values
            ? String.join(",", values.stream().map(String::valueOf).toList())
            : header.toString();
    return preferences.length() > MAX_LENGTH ? 0 : first(preferences);
  }

  /** Of a preference that is given twice the first counts, as the RFC says. */
  private static int first(String preferences) {
    String numbers = QUOTED_NUMBER.matcher(preferences).replaceAll("$1");
    String plain = QUOTED.matcher(numbers).replaceAll("quoted");
    if (plain.indexOf('"') >= 0) {
      return 0;
    }
    for (String preference : plain.split(",", -1)) {
      Matcher wait = WAIT.matcher(preference);
      if (wait.matches()) {
        String value = wait.group(1);
        return value != null && NUMBER.matcher(value).matches() ? Integer.parseInt(value) : 0;
      }
    }
    return 0;
  }
}
