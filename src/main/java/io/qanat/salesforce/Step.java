package io.qanat.salesforce;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;

/** Successive changes of one record that go to Salesforce as one row. */
record Step(List<Change> changes) {
  Change.Kind kind() {
    return changes.get(0).kind();
  }

  RecordKey key() {
    return changes.get(0).key();
  }

  /** The row: later changes win, field by field. */
  ObjectNode fields() {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    changes.forEach(change -> row.setAll(change.fields()));
    return row;
  }

  /** Keys that differ by case only stay apart: they may be two records, or one. */
  boolean takes(Change next) {
    return kind() == next.kind() && key().equals(next.key());
  }

  Step and(Change next) {
    return new Step(Stream.concat(changes.stream(), Stream.of(next)).toList());
  }
}
