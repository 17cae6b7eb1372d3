package io.qanat.sandbox.salesforce;

import java.util.List;

/** Why one record was not saved. */
record SaveError(String statusCode, String message, List<String> fields) {
  static SaveError of(String statusCode, String message, String... fields) {
    return new SaveError(statusCode, message, List.of(fields));
  }

  static SaveError deleted() {
    return of("ENTITY_IS_DELETED", "entity is deleted");
  }

  static SaveError crossReference(String... fields) {
    return of("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", fields);
  }

  static SaveError locked(String id) {
    return of(
        "UNABLE_TO_LOCK_ROW",
        "unable to obtain exclusive access to this record or 1 records: " + id);
  }
}
