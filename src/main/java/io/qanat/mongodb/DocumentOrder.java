package io.qanat.mongodb;

import io.qanat.deliver.Event;
import io.qanat.kafka.Position;
import org.bson.BsonDocument;
import org.bson.BsonInt64;

/**
 * What a document knows, under {@value #FIELD}, of the events that changed it: the offset of the
 * newest one of each partition.
 */
final class DocumentOrder {
  /** The field of the document. */
  static final String FIELD = "_order";

  private static final long NONE = -1;

  private DocumentOrder() {}

  /** The order of a document that an event makes. */
  static BsonDocument of(Event event) {
    return new BsonDocument(partition(event), offset(event));
  }

  /** The path of what a document notes of the event's partition. */
  static String path(Event event) {
    return FIELD + "." + partition(event);
  }

  /** What a document notes of an event. */
  static BsonInt64 offset(Event event) {
    return new BsonInt64(event.order().offset());
  }

  /** A condition on what is noted: nothing, or something older than the event. */
  static BsonDocument before(Event event) {
    return new BsonDocument("$not", new BsonDocument("$gte", offset(event)));
  }

  /** The newest offset of the event's partition that a document notes, or -1. */
  static long noted(Event event, BsonDocument document) {
    return document
        .getDocument(FIELD, new BsonDocument())
        .getInt64(partition(event), new BsonInt64(NONE))
        .getValue();
  }

  private static String partition(Event event) {
    Position order = event.order();
    return FieldNames.encode(order.topic() + "-" + order.partition());
  }
}
