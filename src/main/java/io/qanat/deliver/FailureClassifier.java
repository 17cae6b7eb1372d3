package io.qanat.deliver;

import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** Says what an exception that a sink threw means for the events it was given. */
final class FailureClassifier {
  private static final int MAX_MESSAGE = 500;

  private FailureClassifier() {}

  static Failure classify(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof IOException
          || t instanceof TimeoutException
          || t instanceof InterruptedException) {
        return Failure.transientFailure("SINK_UNREACHABLE", message(t));
      }
    }
    return Failure.unknown("UNEXPECTED_FAILURE", message(thrown));
  }

  private static String message(Throwable t) {
    String text =
        t.getClass().getSimpleName() + (t.getMessage() == null ? "" : ": " + t.getMessage());
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE);
  }
}
