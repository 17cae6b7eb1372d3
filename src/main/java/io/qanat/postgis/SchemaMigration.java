package io.qanat.postgis;

import io.qanat.Flows;
import io.qanat.Migration;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/** Brings the schemas of the flows that keep something in PostgreSQL up to date. */
@Component
class SchemaMigration implements Migration {
  private final Flows flows;
  private final Databases databases;

  SchemaMigration(Flows flows, Databases databases) {
    this.flows = flows;
    this.databases = databases;
  }

  @Override
  public String server() {
    return "PostgreSQL (qanat.postgresql.url)";
  }

  @Override
  public String migrate() throws SQLException {
    List<String> schemas = new ArrayList<>();
    for (String flow : flows.names()) {
      databases
          .migrate(flow)
          .ifPresent(made -> schemas.add("schema %s: %d migrations made".formatted(flow, made)));
    }
    return schemas.isEmpty() ? "no flow has a schema" : String.join(", ", schemas);
  }
}
