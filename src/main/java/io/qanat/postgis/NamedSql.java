package io.qanat.postgis;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;
import org.springframework.jdbc.core.namedparam.ParsedSql;

/**
 * A statement whose parameters have names, {@code :name}; a value never becomes part of the SQL.
 */
public final class NamedSql {
  private final ParsedSql parsed;

  /** The statement. */
  public NamedSql(String sql) {
    parsed = NamedParameterUtils.parseSqlStatement(sql);
  }

  /**
   * Prepares it with its parameters: texts, which the statement casts to what it needs, or arrays.
   * One that is not given is null.
   */
  public PreparedStatement prepare(Connection connection, Map<String, ?> given)
      throws SQLException {
    MapSqlParameterSource source =
        new MapSqlParameterSource() {
          @Override
          public boolean hasValue(String name) {
            return true;
          }

          @Override
          public @Nullable Object getValue(String name) {
            return given.get(name);
          }
        };
    String sql = NamedParameterUtils.substituteNamedParameters(parsed, source);
    @Nullable Object[] values = NamedParameterUtils.buildValueArray(parsed, source, null);
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      if (value instanceof java.sql.Array array) {
        statement.setArray(i + 1, array);
      } else {
        statement.setString(i + 1, value == null ? null : value.toString());
      }
    }
    return statement;
  }
}
