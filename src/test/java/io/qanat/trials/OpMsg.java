package io.qanat.trials;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/**
 * A message of MongoDB's wire protocol, OP_MSG without a checksum.
 *
 * @param id which request it is, or which it answers
 * @param body its document; those that follow it stand in arrays under their names
 * @see <a href="https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/">MongoDB Wire
 *     Protocol</a>
 */
record OpMsg(int id, BsonDocument body) {
  private static final int OP_MSG = 2013;
  private static final int ID = 4;
  private static final int ANSWERS = 8;
  private static final int OPCODE = 12;
  private static final int HEAD = 21;
  private static final Map<String, String> STATEMENTS =
      Map.of("insert", "documents", "update", "updates", "delete", "deletes");

  /** Whether a message is one: the first that a driver says is older. */
  static boolean is(byte[] message) {
    return in(message).getInt(OPCODE) == OP_MSG;
  }

  /** Reads a request. */
  static OpMsg request(byte[] message) {
    return new OpMsg(in(message).getInt(ID), body(message));
  }

  /** Reads an answer. */
  static OpMsg answer(byte[] message) {
    return new OpMsg(in(message).getInt(ANSWERS), body(message));
  }

  private static ByteBuffer in(byte[] message) {
    return ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static BsonDocument body(byte[] message) {
    ByteBuffer in = in(message).position(HEAD - 1);
    BsonDocument body = new BsonDocument();
    while (in.hasRemaining()) {
      if (in.get() == 0) {
        body.putAll(document(in));
      } else {
        int end = in.position() + in.getInt();
        StringBuilder field = new StringBuilder();
        for (byte c = in.get(); c != 0; c = in.get()) {
          field.append((char) c);
        }
        BsonArray documents = new BsonArray();
        while (in.position() < end) {
          documents.add(document(in));
        }
        body.append(field.toString(), documents);
      }
    }
    return body;
  }

  private static BsonDocument document(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt(in.position())];
    in.get(bytes);
    return new RawBsonDocument(bytes);
  }

  /** Whether it writes documents. */
  boolean writes() {
    return STATEMENTS.containsKey(body.getFirstKey());
  }

  /** The collection that it is about. */
  String collection() {
    return body.getString(body.getFirstKey()).getValue();
  }

  /** What it writes, a statement for each document. */
  List<BsonValue> statements() {
    return body.getArray(STATEMENTS.get(body.getFirstKey())).getValues();
  }

  /** The same with fewer statements. */
  OpMsg with(List<? extends BsonValue> statements) {
    BsonDocument some = body.clone();
    some.put(STATEMENTS.get(body.getFirstKey()), new BsonArray(new ArrayList<>(statements)));
    return new OpMsg(id, some);
  }

  /** How many documents an answer says were written. */
  int written() {
    return body.containsKey("nModified")
        ? body.getInt32("nModified").getValue() + body.getArray("upserted", new BsonArray()).size()
        : body.containsKey("n") ? body.getNumber("n").intValue() : 0;
  }

  /** Its bytes as a request. */
  byte[] asRequest() {
    return bytes(id, 0);
  }

  /** Its bytes as an answer. */
  byte[] asAnswer() {
    return bytes(0, id);
  }

  private byte[] bytes(int request, int answers) {
    ByteBuffer document =
        new RawBsonDocument(body, new BsonDocumentCodec()).getByteBuffer().asNIO();
    int length = HEAD + document.remaining();
    ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    // No flags, and one section, which is a document.
    out.putInt(length).putInt(request).putInt(answers).putInt(OP_MSG).putInt(0).put((byte) 0);
    return out.put(document).array();
  }
}
