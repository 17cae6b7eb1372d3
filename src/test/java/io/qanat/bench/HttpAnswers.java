package io.qanat.bench;

import java.util.Locale;

/** What can be told of an HTTP/1.1 answer as far as it has come, one byte to a character. */
final class HttpAnswers {
  private static final String HEAD_END = "\r\n\r\n";
  private static final String LENGTH = "\r\ncontent-length:";
  private static final String LAST_CHUNK = "\r\n0\r\n\r\n";
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private HttpAnswers() {}

  /** Whether all of it has come. */
  static boolean isComplete(String answer) {
    int end = answer.indexOf(HEAD_END);
    if (end < 0) {
      return false;
    }
    int status = status(answer);
    if (status == NO_CONTENT || status == NOT_MODIFIED) {
      return true;
    }
    String head = answer.substring(0, end + 2).toLowerCase(Locale.ROOT);
    int length = head.indexOf(LENGTH);
    if (length < 0) {
      return answer.endsWith(LAST_CHUNK);
    }
    int from = length + LENGTH.length();
    int bytes = Integer.parseInt(head.substring(from, head.indexOf('\r', from)).strip());
    return answer.length() >= end + HEAD_END.length() + bytes;
  }

  /** The status of one whose first line has come. */
  static int status(String answer) {
    return Integer.parseInt(answer.substring(STATUS_AT, STATUS_AT + 3));
  }
}
