package io.qanat.mongodb;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoConfigurationException;
import com.mongodb.MongoConnectionPoolClearedException;
import com.mongodb.MongoException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoServerException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.bulk.BulkWriteError;
import io.qanat.deliver.Failure;
import java.util.List;
import java.util.Set;

/**
 * What MongoDB's errors mean.
 *
 * @see <a href="https://www.mongodb.com/docs/manual/reference/error-codes/">Error Codes</a>
 */
final class MongoErrors {
  private static final int DUPLICATE_KEY = 11_000;
  private static final String INDEX = " index: ";
  private static final String ID_INDEX = INDEX + "_id_ ";

  // The server, or its rights and limits: nothing that another document would change.
  private static final Set<Integer> OF_THE_SERVER =
      Set.of(
          6, 7, 13, 18, 24, 46, 50, 63, 64, 89, 91, 112, 133, 134, 146, 175, 189, 202, 234, 251,
          262, 264, 290, 317, 8_000, 9_001, 10_058, 10_107, 11_600, 11_602, 13_388, 13_435, 13_436,
          14_031);

  // A value, its type, its size, or the rules of the collection.
  private static final Set<Integer> OF_THE_DOCUMENT =
      Set.of(
          2, 9, 14, 15, 22, 28, 40, 52, 53, 54, 55, 56, 57, 58, 66, 121, 10_334, 17_280, 17_419,
          17_420);

  private MongoErrors() {}

  /** Whether a document with this {@code _id} is there already. */
  static boolean isSameId(BulkWriteError error) {
    // Behind the name of the index stand values of the document, which may read like one.
    String words = error.getMessage();
    return error.getCode() == DUPLICATE_KEY
        && words.startsWith(ID_INDEX, Math.max(0, words.indexOf(INDEX)));
  }

  /** What an error of a single document means for its event. */
  static Failure failure(BulkWriteError error) {
    return error.getCode() == DUPLICATE_KEY
        ? Failure.poison(
            "MONGODB_DUPLICATE_KEY",
            "another document has the same values in a unique index",
            List.of())
        : failure(error.getCode());
  }

  /** What an error means for the one event whose document was to be written. */
  static Failure refusal(MongoException e) {
    return failure(e.getCode());
  }

  private static Failure failure(int error) {
    String code = "MONGODB_" + error;
    // The server's words may hold the document, and the driver's the server's address.
    String words = "MongoDB refused the document with its error %d".formatted(error);
    if (OF_THE_SERVER.contains(error)) {
      return Failure.transientFailure(code, words);
    }
    return OF_THE_DOCUMENT.contains(error)
        ? Failure.poison(code, words, List.of())
        : Failure.unknown(code, words);
  }

  /** Whether it is the server or the way there, and not what was to be written. */
  static boolean isOutage(MongoException e) {
    return e instanceof MongoSocketException
        || e instanceof MongoTimeoutException
        || e instanceof MongoNotPrimaryException
        || e instanceof MongoNodeIsRecoveringException
        || e instanceof MongoInterruptedException
        || e instanceof MongoConnectionPoolClearedException
        || e instanceof MongoSecurityException
        || e instanceof MongoConfigurationException
        || (e instanceof MongoServerException && OF_THE_SERVER.contains(e.getCode()));
  }

  /** Why everything waits. */
  static Failure outage(MongoException e) {
    String kind = e.getClass().getSimpleName();
    return Failure.transientFailure(
        "MONGODB_UNAVAILABLE",
        e instanceof MongoCommandException
            ? "%s, MongoDB's error %d".formatted(kind, e.getCode())
            : kind);
  }
}
