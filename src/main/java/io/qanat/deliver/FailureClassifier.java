package io.qanat.deliver;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.CharConversionException;
import java.io.IOException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.concurrent.TimeoutException;

/** Says what an exception that a sink threw means for the events it was given. */
final class FailureClassifier {
  private static final int MAX_MESSAGE = 500;

  private FailureClassifier() {}

  static Failure classify(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof UnavailableException u) {
        return Failure.transientFailure(u.code(), String.valueOf(u.getMessage()));
      }
      if (isOutage(t)) {
        return Failure.transientFailure("SINK_UNREACHABLE", message(t));
      }
    }
    return Failure.unknown("UNEXPECTED_FAILURE", message(thrown));
  }

  private static boolean isOutage(Throwable t) {
    // Both are IOExceptions, and say that content is wrong: a retry would hold the flow for ever.
    if (t instanceof JsonProcessingException || t instanceof CharConversionException) {
      return false;
    }
    return t instanceof IOException
        || t instanceof TimeoutException
        || t instanceof InterruptedException
        || t instanceof SQLTransientException
        || t instanceof SQLRecoverableException
        || t instanceof SQLNonTransientConnectionException;
  }

  private static String message(Throwable t) {
    String text =
        t.getClass().getSimpleName() + (t.getMessage() == null ? "" : ": " + t.getMessage());
    return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE);
  }
}
