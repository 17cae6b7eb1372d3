package io.qanat.salesforce;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.deliver.Event;

/**
 * An event, read as a change of one Salesforce record.
 *
 * @param fields the fields to set, explicit nulls included; empty for a delete
 */
record Change(Event event, Kind kind, RecordKey key, ObjectNode fields) {
  /** What happens to the record. */
  enum Kind {
    UPSERT,
    DELETE
  }
}
