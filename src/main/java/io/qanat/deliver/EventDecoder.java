package io.qanat.deliver;

import io.qanat.deliver.Batch.RawRecord;
import org.springframework.stereotype.Component;

/** Decodes the records of flows; YAML knows it by its name. */
@Component("eventDecoder")
class EventDecoder implements RecordDecoder {
  @Override
  public Event decode(RawRecord raw) throws UndecodableException {
    return BatchDecoder.event(raw);
  }
}
