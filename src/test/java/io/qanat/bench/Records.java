package io.qanat.bench;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.InsertManyOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonString;

/**
 * Records as the flow {@code records} keeps them, numbered from 0 in the order in which they came:
 * a second after one another, the last of them an hour ago.
 */
final class Records {
  private static final int BATCH = 2_000;
  private static final int KINDS = 1_000;
  private static final long APART_MS = 1_000;
  private static final Duration AGE = Duration.ofHours(1);
  private static final String[] ROCKS = {"sand", "marl", "chalk", "gravel", "clay"};

  private final int count;
  private final long first;

  Records(int count) {
    this.count = count;
    first = Instant.now().minus(AGE).toEpochMilli() - count * APART_MS;
  }

  int count() {
    return count;
  }

  /** The id that the hub would have given: a UUIDv7 of the record's time. */
  String id(int number) {
    return uuid(time(number), number);
  }

  /** An id of the same form that no record has. */
  String unknownId(int number) {
    return uuid(time(number) + APART_MS / 2, number);
  }

  /** One of {@value #KINDS} texts, each of which as many records have. */
  static String kind(int number) {
    return "well-%03d".formatted(number % KINDS);
  }

  /** What was sent, some 500 bytes as JSON; numbers with a fraction are exact. */
  static BsonDocument data(int number) {
    BsonArray layers = new BsonArray();
    for (int i = 0; i < 3; i++) {
      layers.add(
          new BsonDocument("from", new BsonDouble(i * 12 + 0.25))
              .append("rock", new BsonString(ROCKS[(number + i) % ROCKS.length])));
    }
    return new BsonDocument("kind", new BsonString(kind(number)))
        .append("number", new BsonInt32(number))
        .append("depth", new BsonDouble(number % 4_000 / 8.0 + 0.0625))
        .append("dry", BsonBoolean.valueOf(number % 7 == 0))
        .append("drilled", new BsonString("2025-03-%02dT08:30:00Z".formatted(1 + number % 28)))
        .append(
            "place",
            new BsonDocument("country", new BsonString("IR"))
                .append("longitude", new BsonDouble(46 + number % 1_600 / 100.0 + 0.005))
                .append("latitude", new BsonDouble(27 + number % 1_100 / 100.0 + 0.005)))
        .append("layers", layers)
        .append(
            "remark",
            new BsonString(
                "Dug by hand from the mother well down, %d men and a windlass; air shafts every thirty paces, spoil heaped around each of them. Cleaned each spring, before the snow melts."
                    .formatted(2 + number % 5)));
  }

  /** The document that the sink writes of such an event. */
  static BsonDocument document(String id, long acceptedAt, BsonDocument data) {
    return new BsonDocument("_id", new BsonString(id))
        .append("data", data)
        .append("added_at", new BsonDateTime(acceptedAt));
  }

  /** The document of one of them. */
  BsonDocument document(int number) {
    return document(id(number), time(number), data(number));
  }

  /** Inserts all of them. */
  void insert(MongoCollection<BsonDocument> collection) {
    InsertManyOptions unordered = new InsertManyOptions().ordered(false);
    for (int begin = 0; begin < count; begin += BATCH) {
      List<BsonDocument> batch = new ArrayList<>(BATCH);
      for (int i = begin; i < Math.min(begin + BATCH, count); i++) {
        batch.add(document(i));
      }
      collection.insertMany(batch, unordered);
    }
  }

  /** When the hub took it, in milliseconds since 1970. */
  long time(int number) {
    return first + number * APART_MS;
  }

  private static String uuid(long millis, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new UUID(
            millis << 16 | 0x7000 | (random.nextLong() & 0xFFF),
            1L << 63 | (random.nextLong() >>> 2))
        .toString();
  }
}
