package io.qanat.sandbox.salesforce;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;

/** Writes rows as the API shows them: every field asked for, null where nothing is stored. */
final class Rows {
  private Rows() {}

  static ObjectNode all(Row row) {
    return some(row, row.type().fields());
  }

  static ObjectNode some(Row row, Collection<Field> fields) {
    ObjectNode node = Json.object();
    node.putObject("attributes")
        .put("type", row.type().name())
        .put("url", "/services/data/v62.0/sobjects/" + row.type().name() + "/" + row.id());
    fields.forEach(field -> node.putPOJO(field.name(), row.get(field.name())));
    return node;
  }
}
