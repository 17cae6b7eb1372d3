package io.qanat.trials;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One change of one thing: what a ledger posts, Kafka keeps, and a sink shows the last of.
 *
 * @param key the business key
 * @param seq the number of the change in its ledger; a later change of a key has a higher one
 */
record Change(String key, int seq) {
  /** The number of something that carries none. */
  static final int NONE = -1;

  private static final Pattern SEQ = Pattern.compile("seq:(\\d+)");

  /** How a change's number is written into a text field of it. */
  static String mark(int seq) {
    return "seq:" + seq;
  }

  /** The number that is written somewhere in a text, or {@link #NONE}. */
  static int seqIn(@Nullable String text) {
    Matcher m = SEQ.matcher(text == null ? "" : text);
    return m.find() ? Integer.parseInt(m.group(1)) : NONE;
  }
}
