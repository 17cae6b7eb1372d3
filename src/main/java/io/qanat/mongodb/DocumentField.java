package io.qanat.mongodb;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.deliver.Event;
import io.qanat.deliver.FieldPath;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * A field of the documents that events become.
 *
 * @param name its name in the document
 * @param source where its value comes from
 */
record DocumentField(String name, Source source) {
  /** The id of the event. */
  static final Source EVENT_ID = (event, before) -> new BsonString(event.id());

  /** The time at which the hub accepted the event. */
  static final Source ACCEPTED_AT = (event, before) -> time(event);

  /** Whether the hub gives the value, because the event has none. */
  boolean isGiven(Event event) {
    return source == ACCEPTED_AT || (source instanceof Data data && data.isGiven(event));
  }

  /** Where a value comes from. */
  interface Source {
    /**
     * The value for an event; null if the document has none.
     *
     * @param before the fields that stand before this one
     * @throws IllegalArgumentException whose message says what is wrong
     */
    @Nullable BsonValue of(Event event, BsonDocument before);
  }

  /**
   * A field of the event.
   *
   * @param path where
   * @param type what it must be
   * @param absence what becomes of an event that lacks it
   */
  record Data(FieldPath path, FieldType type, Absence absence) implements Source {
    /** Whether the hub gives the value, because the event has none. */
    boolean isGiven(Event event) {
      JsonNode value = path.in(event.data());
      return absence == Absence.ACCEPTED_AT && (value == null || value.isNull());
    }

    @Override
    public @Nullable BsonValue of(Event event, BsonDocument before) {
      JsonNode value = path.in(event.data());
      if (value != null && !value.isNull()) {
        try {
          return type.read(value);
        } catch (RuntimeException e) {
          throw new IllegalArgumentException("%s must be %s".formatted(path, type.words()), e);
        }
      }
      return switch (absence) {
        case REFUSED -> throw new IllegalArgumentException(path + " is missing");
        case OMITTED -> value == null ? null : BsonNull.VALUE;
        case NULL -> BsonNull.VALUE;
        case ACCEPTED_AT -> time(event);
      };
    }
  }

  /**
   * What tells a document by the values of its fields, so that two of the same are one: the first
   * half of their SHA-256. Where an event lacks a field whose value the hub gives, it is told by
   * its own id: two that came in one millisecond are two.
   *
   * @param fields fields that stand before this one
   */
  record Digest(List<DocumentField> fields) implements Source {
    private static final int BYTES = 16;

    @Override
    public BsonValue of(Event event, BsonDocument before) {
      BsonArray values = new BsonArray();
      for (DocumentField field : fields) {
        values.add(
            field.source() instanceof Data data && data.isGiven(event)
                ? EVENT_ID.of(event, before)
                : before.get(field.name(), BsonNull.VALUE));
      }
      byte[] text = JsonBson.json(values).toString().getBytes(StandardCharsets.UTF_8);
      try {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
        return new BsonString(HexFormat.of().formatHex(Arrays.copyOf(digest, BYTES)));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** What becomes of an event that lacks a field, or has null there. */
  enum Absence {
    /** It is refused. */
    REFUSED,
    /** The document's field is left out, or as it is; only null becomes null. */
    OMITTED,
    /** The document's field is null. */
    NULL,
    /** The document's field is the time at which the event was accepted. */
    ACCEPTED_AT
  }

  private static BsonDateTime time(Event event) {
    return new BsonDateTime(event.time().toEpochMilli());
  }
}
