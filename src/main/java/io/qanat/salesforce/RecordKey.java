package io.qanat.salesforce;

import java.util.Locale;

/** Which record is meant: the Salesforce field that identifies it, and the value there. */
record RecordKey(String field, String value) {
  /**
   * The same for keys that Salesforce may take for one: it compares without regard to case and
   * outer blanks.
   */
  RecordKey folded() {
    return new RecordKey(field, value.strip().toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT));
  }
}
