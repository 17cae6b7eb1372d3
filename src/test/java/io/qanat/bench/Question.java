package io.qanat.bench;

import java.nio.charset.StandardCharsets;

/** One request of a closed loop, and what it must be answered. */
final class Question {
  private static final String GET =
      """
      GET %s HTTP/1.1\r
      Host: 127.0.0.1\r
      Accept: application/json\r
      User-Agent: qanat-bench\r
      %s\r
      """;

  private final byte[] request;
  private final int status;
  private final String contained;

  /**
   * A question.
   *
   * @param request all bytes of the HTTP request
   * @param status the status of the answer
   * @param contained what the answer contains
   */
  Question(byte[] request, int status, String contained) {
    this.request = request;
    this.status = status;
    this.contained = contained;
  }

  /** A read that finds something. */
  static Question get(String path, String contained) {
    return get(path, "", 200, contained);
  }

  /**
   * A read.
   *
   * @param headers more headers, each with its end of line
   */
  static Question get(String path, String headers, int status, String contained) {
    byte[] request = GET.formatted(path, headers).getBytes(StandardCharsets.US_ASCII);
    return new Question(request, status, contained);
  }

  /** All bytes of the request. */
  byte[] request() {
    return request;
  }

  /**
   * Whether all of the answer has come.
   *
   * @throws IllegalStateException if it is not what it must be
   */
  boolean isAnswered(String answer) {
    if (!HttpAnswers.isComplete(answer)) {
      return false;
    }
    if (HttpAnswers.status(answer) != status || !answer.contains(contained)) {
      throw new IllegalStateException("Not %d with %s: %s".formatted(status, contained, answer));
    }
    return true;
  }
}
