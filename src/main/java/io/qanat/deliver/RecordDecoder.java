package io.qanat.deliver;

import io.qanat.deliver.Batch.RawRecord;

/** Makes an event of a record; a topic that is no flow's has one of its own. */
@FunctionalInterface
public interface RecordDecoder {
  /**
   * The event that the record is.
   *
   * @throws UndecodableException if it is none, which makes it a dead letter
   */
  Event decode(RawRecord raw) throws UndecodableException;
}
