package io.qanat.sandbox;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** PostGIS, which a server may lack: then the hub goes without its GIS view. */
final class Postgis {
  private Postgis() {}

  /** Turns it on where the server has it; its version, or {@code off}. */
  static String enable(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet available =
            statement.executeQuery(
                "select default_version from pg_available_extensions where name = 'postgis'")) {
      if (!available.next()) {
        return "off";
      }
      String version = available.getString(1);
      statement.execute("create extension if not exists postgis");
      return version;
    }
  }
}
