package io.qanat.postgis;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What PostgreSQL's errors mean.
 *
 * @see <a href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL Error
 *     Codes</a>
 */
public final class PostgresErrors {
  private static final Set<String> VALUE_CLASSES = Set.of("22", "23");
  private static final Set<String> DEFINITION_CLASSES = Set.of("0A", "3D", "3F", "42");
  private static final String CANCELED = "57014";
  private static final String UNIQUE_VIOLATION = "23505";

  /** Of a schema that cannot be used. */
  static final String SCHEMA = "3F000";

  private PostgresErrors() {}

  /** The five characters of the error, or those of an unknown one. */
  public static String state(SQLException e) {
    return e.getSQLState() == null ? "XX000" : e.getSQLState();
  }

  /** Whether a value is wrong, of whichever row. */
  public static boolean isOfValue(SQLException e) {
    return VALUE_CLASSES.contains(classOf(e));
  }

  /** Whether the statement or the schema is wrong, so that no row can ever be written. */
  static boolean isOfDefinition(SQLException e) {
    return DEFINITION_CLASSES.contains(classOf(e));
  }

  /** Whether a row is there already. */
  static boolean isDuplicate(SQLException e) {
    return state(e).equals(UNIQUE_VIOLATION);
  }

  /** Whether the statement took longer than it may. */
  public static boolean isTimeout(SQLException e) {
    return state(e).equals(CANCELED);
  }

  /** Whether it is neither a value nor the statement, but the server or the way there. */
  public static boolean isOutage(SQLException e) {
    return !isOfValue(e) && !isOfDefinition(e);
  }

  /** The words of an error that a statement raised itself. */
  public static String message(SQLException e) {
    ServerErrorMessage message = server(e);
    return message == null ? "" : String.valueOf(message.getMessage());
  }

  /** The hint of an error that a statement raised itself. */
  public static String hint(SQLException e) {
    ServerErrorMessage message = server(e);
    return message == null || message.getHint() == null ? "" : message.getHint();
  }

  private static @Nullable ServerErrorMessage server(SQLException e) {
    return e instanceof PSQLException p ? p.getServerErrorMessage() : null;
  }

  private static String classOf(SQLException e) {
    return state(e).substring(0, Math.min(2, state(e).length()));
  }

  /**
   * The server's own words, without the place in its code and without what the driver adds, such as
   * addresses.
   */
  public static String words(SQLException e) {
    ServerErrorMessage message = server(e);
    return message == null || message.getMessage() == null
        ? "no answer (SQLSTATE %s)".formatted(state(e))
        : "%s (SQLSTATE %s)".formatted(message.getMessage(), state(e));
  }
}
