package io.qanat.mongodb;

import java.util.Map;
import java.util.function.Consumer;
import org.bson.BsonBinaryReader;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.BsonWriter;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonValueCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;
import org.bson.io.ByteBufferBsonInput;

/**
 * Documents as the bytes that MongoDB is sent. The driver's own codec would walk through each value
 * of a document in a context of its own, and does so even where it has the bytes already.
 */
final class RawDocuments {
  private static final BsonValueCodec VALUES = new BsonValueCodec();
  private static final EncoderContext CONTEXT = EncoderContext.builder().build();

  private RawDocuments() {}

  /** The document that something writes. */
  static RawBsonDocument of(Consumer<BsonWriter> content) {
    BasicOutputBuffer bytes = new BasicOutputBuffer();
    try (BsonBinaryWriter writer = new BsonBinaryWriter(bytes)) {
      content.accept(writer);
    }
    return new RawBsonDocument(bytes.getInternalBuffer(), 0, bytes.getPosition());
  }

  /** The same document. */
  static RawBsonDocument of(BsonDocument document) {
    return of(
        writer -> {
          writer.writeStartDocument();
          for (Map.Entry<String, BsonValue> field : document.entrySet()) {
            writer.writeName(field.getKey());
            if (field.getValue() instanceof RawBsonDocument raw) {
              copy(raw, writer);
            } else {
              VALUES.encode(writer, field.getValue(), CONTEXT);
            }
          }
          writer.writeEndDocument();
        });
  }

  private static void copy(RawBsonDocument raw, BsonWriter to) {
    try (BsonBinaryReader reader =
        new BsonBinaryReader(new ByteBufferBsonInput(raw.getByteBuffer()))) {
      to.pipe(reader);
    }
  }
}
