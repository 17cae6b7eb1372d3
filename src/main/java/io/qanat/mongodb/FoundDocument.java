package io.qanat.mongodb;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.bson.BSONException;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/** A document that was found, without what the hub notes in it. */
public final class FoundDocument {
  private static final BsonDocumentCodec CODEC = new BsonDocumentCodec();

  private final BsonDocument document;

  private FoundDocument(BsonDocument document) {
    this.document = document;
  }

  static FoundDocument of(BsonDocument document) {
    document.remove(DocumentOrder.FIELD);
    return new FoundDocument(document);
  }

  /**
   * Reads what {@link #bytes} gave.
   *
   * @return empty if it is something else
   */
  public static Optional<FoundDocument> read(byte[] bytes) {
    try {
      return Optional.of(new FoundDocument(new RawBsonDocument(bytes).decode(CODEC)));
    } catch (BSONException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** As BSON, which keeps the types that JSON lacks. */
  public byte[] bytes() {
    var buffer = new RawBsonDocument(document, CODEC).getByteBuffer();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  /** As JSON. */
  public ObjectNode json() {
    return JsonBson.json(document);
  }
}
