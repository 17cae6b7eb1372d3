package io.qanat.deadletter;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import io.qanat.Lane;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Dead letters in MongoDB, for people and for receipts. Everything in here can be made anew from
 * Kafka; a claim, which keeps two redrives of one letter apart, may be lost.
 */
@Component
class DeadLetterStore implements DeadLetterIndex, DeadLetterCounts {
  static final String COLLECTION = "deadLetters";

  private static final Logger LOG = LoggerFactory.getLogger(DeadLetterStore.class);
  private static final int DUPLICATE_KEY = 11_000;
  private static final int MAX_ROUNDS = 20;
  private static final Bson NEWEST_FIRST = Sorts.descending("diedAt", "_id");
  private static final String DEAD = State.DEAD.name().toLowerCase(Locale.ROOT);
  private static final String CLAIM = "claim";
  private static final String CLAIMED_UNTIL = "claimedUntil";

  /**
   * What a server says of a document that is too large, by itself or for an index. Whatever else it
   * says holds the lane: a receipt takes what the lane has passed for known.
   */
  private static final Set<Integer> TOO_LARGE = Set.of(10_334, 17_280, 17_419);

  private final MongoCollection<Document> letters;

  DeadLetterStore(MongoDatabase database) {
    letters = database.getCollection(COLLECTION);
  }

  /** How many dead letters there are of a sink and a code. */
  record Count(String flow, String sink, String code, long count) {}

  /**
   * Adds to the histories of dead letters; what is there already changes nothing.
   *
   * @throws MongoException if MongoDB cannot take them now; some may be written all the same
   */
  void apply(Map<DeadLetterId, List<Happening>> told) {
    Map<DeadLetterId, List<Happening>> left = told;
    for (int round = 0; !left.isEmpty(); round++) {
      if (round == MAX_ROUNDS) {
        throw new MongoException("Others keep writing the same dead letters");
      }
      left = write(left);
    }
  }

  /** Writes what nobody else writes at the same time, and gives back the rest. */
  private Map<DeadLetterId, List<Happening>> write(Map<DeadLetterId, List<Happening>> told) {
    Map<DeadLetterId, Document> present = documents(told.keySet());
    List<DeadLetterId> ids = new ArrayList<>();
    List<WriteModel<Document>> writes = new ArrayList<>();
    told.forEach(
        (id, news) -> {
          Document document = present.get(id);
          int revision = document == null ? 0 : document.getInteger(DeadLetterDocument.REVISION, 0);
          List<Happening> known =
              document == null ? List.of() : DeadLetterDocument.read(document).history();
          List<Happening> all = new ArrayList<>(known);
          all.addAll(news);
          DeadLetter letter = DeadLetter.of(id, all);
          if (!letter.history().equals(known)) {
            ids.add(id);
            writes.add(write(DeadLetterDocument.write(letter, revision + 1), document != null));
          }
        });
    Map<DeadLetterId, List<Happening>> collided = new LinkedHashMap<>();
    if (!writes.isEmpty()) {
      try {
        letters.bulkWrite(writes, new BulkWriteOptions().ordered(false));
      } catch (MongoBulkWriteException e) {
        if (e.getWriteConcernError() != null) {
          throw e;
        }
        for (BulkWriteError error : e.getWriteErrors()) {
          DeadLetterId id = ids.get(error.getIndex());
          if (error.getCode() == DUPLICATE_KEY) {
            collided.put(id, told.getOrDefault(id, List.of()));
          } else if (!TOO_LARGE.contains(error.getCode())) {
            throw e;
          } else {
            LOG.error(
                "MongoDB refuses dead letter {} for itself ({}); it is on Kafka, but cannot be browsed",
                id,
                error.getMessage());
          }
        }
      }
    }
    return collided;
  }

  /** If somebody else has written the document meanwhile, this collides with it. */
  private static WriteModel<Document> write(Document document, boolean present) {
    if (!present) {
      return new InsertOneModel<>(document);
    }
    Bson asItWas =
        Filters.and(
            Filters.eq("_id", document.remove("_id")),
            Filters.eq(
                DeadLetterDocument.REVISION, document.getInteger(DeadLetterDocument.REVISION) - 1));
    return new UpdateOneModel<>(
        asItWas, new Document("$set", document), new UpdateOptions().upsert(true));
  }

  private Map<DeadLetterId, Document> documents(Collection<DeadLetterId> ids) {
    Map<DeadLetterId, Document> found = new HashMap<>();
    letters
        .find(Filters.in("_id", ids.stream().map(DeadLetterId::toString).toList()))
        .forEach(d -> DeadLetterId.parse(d.getString("_id")).ifPresent(id -> found.put(id, d)));
    return found;
  }

  @Override
  public Optional<Entry> find(String id) {
    return get(id).flatMap(DeadLetter::entry);
  }

  /** The dead letter with this id. */
  Optional<DeadLetter> get(String id) {
    return Optional.ofNullable(letters.find(Filters.eq("_id", id)).first())
        .map(DeadLetterDocument::read)
        .filter(DeadLetter::hasDied);
  }

  /** Those of these that there are, by id. */
  Map<DeadLetterId, DeadLetter> get(Collection<DeadLetterId> ids) {
    Map<DeadLetterId, DeadLetter> found = new HashMap<>();
    documents(ids)
        .forEach(
            (id, document) -> {
              DeadLetter letter = DeadLetterDocument.read(document);
              if (letter.hasDied()) {
                found.put(id, letter);
              }
            });
    return found;
  }

  /** A page of dead letters, newest first. */
  List<DeadLetter> list(DeadLetterFilter filter, @Nullable Cursor behind, int limit) {
    Bson all = behind == null ? filter.toBson() : Filters.and(filter.toBson(), behind.toBson());
    return letters
        .find(all)
        .sort(NEWEST_FIRST)
        .limit(limit)
        .map(DeadLetterDocument::read)
        .into(new ArrayList<>());
  }

  /** The ids of at most so many dead letters. */
  List<DeadLetterId> ids(DeadLetterFilter filter, int limit) {
    List<DeadLetterId> ids = new ArrayList<>();
    letters
        .find(filter.toBson())
        .projection(Projections.include("_id"))
        .limit(limit)
        .forEach(d -> DeadLetterId.parse(d.getString("_id")).ifPresent(ids::add));
    return ids;
  }

  /** How many dead letters there are, by sink and code. */
  List<Count> counts(DeadLetterFilter filter) {
    Document by = new Document("flow", "$flow").append("sink", "$sink").append("code", "$code");
    return letters
        .aggregate(
            List.of(
                Aggregates.match(filter.toBson()),
                Aggregates.group(by, Accumulators.sum("count", 1L)),
                Aggregates.sort(Sorts.orderBy(Sorts.descending("count"), Sorts.ascending("_id")))))
        .map(
            d -> {
              Document group = d.get("_id", Document.class);
              return new Count(
                  group.getString("flow"),
                  group.getString("sink"),
                  group.getString("code"),
                  d.get("count", Number.class).longValue());
            })
        .into(new ArrayList<>());
  }

  @Override
  public OptionalLong dead(Lane lane) {
    var filter = new DeadLetterFilter(lane.flow(), lane.sink(), null, null, null, null, State.DEAD);
    try {
      return OptionalLong.of(letters.countDocuments(filter.toBson()));
    } catch (MongoException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * Keeps others from redriving or discarding a dead letter for a while.
   *
   * @return the letter as it is now; empty if it is not dead any more, or somebody else has it
   */
  Optional<DeadLetter> claim(DeadLetterId id, String by, Duration howLong) {
    Instant now = Instant.now();
    Bson free =
        Filters.and(
            Filters.eq("_id", id.toString()),
            Filters.eq("state", DEAD),
            Filters.or(
                Filters.exists(CLAIMED_UNTIL, false), Filters.lt(CLAIMED_UNTIL, Date.from(now))));
    Bson claim =
        Updates.combine(
            Updates.set(CLAIM, by), Updates.set(CLAIMED_UNTIL, Date.from(now.plus(howLong))));
    return Optional.ofNullable(letters.findOneAndUpdate(free, claim)).map(DeadLetterDocument::read);
  }

  /** Gives back dead letters that were claimed. */
  void release(Collection<DeadLetterId> ids, String by) {
    letters.updateMany(
        Filters.and(
            Filters.in("_id", ids.stream().map(DeadLetterId::toString).toList()),
            Filters.eq(CLAIM, by)),
        Updates.combine(Updates.unset(CLAIM), Updates.unset(CLAIMED_UNTIL)));
  }
}
