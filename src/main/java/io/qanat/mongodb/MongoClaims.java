package io.qanat.mongodb;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertManyOptions;
import io.qanat.deliver.Claims;
import io.qanat.deliver.Event;
import io.qanat.deliver.Event.Idempotency;
import io.qanat.deliver.UnavailableException;
import io.qanat.kafka.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.springframework.stereotype.Component;

/**
 * Keeps claims in the collection {@code idempotency}, whose unique {@code _id} decides who came
 * first, for as long as {@code qanat.deliver.idempotency.window} says.
 */
@Component
class MongoClaims implements Claims {
  private static final String END = "\n";

  private final MongoDatabase database;
  private final IdempotencyProperties properties;
  private boolean indexed;

  MongoClaims(MongoDatabase database, IdempotencyProperties properties) {
    this.database = database;
    this.properties = properties;
  }

  @Override
  public Map<Position, Claim> claim(String lane, List<Event> events) {
    try {
      return holders(lane, events);
    } catch (MongoException e) {
      throw unreachable(e);
    }
  }

  @Override
  public Optional<Position> holder(String lane, String scope, String key) {
    try {
      return Optional.ofNullable(collection().find(eq("_id", id(lane, scope, key))).first())
          .map(MongoClaims::position);
    } catch (MongoException e) {
      throw unreachable(e);
    }
  }

  private static UnavailableException unreachable(MongoException e) {
    return new UnavailableException(
        "IDEMPOTENCY_UNREACHABLE",
        "MongoDB, which keeps the idempotency keys, cannot be used: "
            + e.getClass().getSimpleName(),
        e);
  }

  private static Position position(Document claim) {
    return Position.parse(claim.getString("position")).orElseThrow();
  }

  private Map<Position, Claim> holders(String lane, List<Event> events) {
    MongoCollection<Document> claims = collection();
    Map<String, Event> first = new LinkedHashMap<>();
    events.forEach(e -> first.putIfAbsent(id(lane, e), e));
    Map<String, Claim> holders = new HashMap<>();
    first.forEach((id, e) -> holders.put(id, new Claim(e.order(), idempotency(e).fingerprint())));
    List<String> taken = insert(claims, first);
    if (!taken.isEmpty()) {
      taken.forEach(holders::remove);
      for (Document d : claims.find(in("_id", taken))) {
        holders.put(d.getString("_id"), new Claim(position(d), d.getString("fingerprint")));
      }
      if (holders.size() < first.size()) {
        // It expired between the two questions: the next try claims it.
        throw new MongoException("A claim went while it was looked at");
      }
    }
    Map<Position, Claim> answer = new HashMap<>();
    events.forEach(e -> answer.put(e.position(), holders.get(id(lane, e))));
    return answer;
  }

  /** Inserts the claims and answers the ids of those that others hold. */
  private static List<String> insert(MongoCollection<Document> claims, Map<String, Event> first) {
    List<String> ids = List.copyOf(first.keySet());
    Instant now = Instant.now();
    List<Document> documents = new ArrayList<>();
    first.forEach(
        (id, e) ->
            documents.add(
                new Document("_id", id)
                    .append("position", e.order().receipt())
                    .append("fingerprint", idempotency(e).fingerprint())
                    .append("at", now)));
    try {
      claims.insertMany(documents, new InsertManyOptions().ordered(false));
      return List.of();
    } catch (MongoBulkWriteException e) {
      if (e.getWriteConcernError() != null) {
        // What is rolled back later claims nothing; what is taken may be such a claim too.
        throw e;
      }
      List<String> taken = new ArrayList<>();
      for (BulkWriteError error : e.getWriteErrors()) {
        if (error.getCategory() != ErrorCategory.DUPLICATE_KEY) {
          throw e;
        }
        taken.add(ids.get(error.getIndex()));
      }
      if (taken.isEmpty()) {
        throw e;
      }
      return taken;
    }
  }

  private static Idempotency idempotency(Event event) {
    return Objects.requireNonNull(event.idempotency());
  }

  private static String id(String lane, Event event) {
    Idempotency named = idempotency(event);
    return id(lane, named.scope(), named.key());
  }

  private static String id(String lane, String scope, String key) {
    return lane + END + scope + END + key;
  }

  private synchronized MongoCollection<Document> collection() {
    MongoCollection<Document> claims = database.getCollection("idempotency");
    if (!indexed) {
      claims.createIndex(
          Indexes.ascending("at"),
          new IndexOptions().expireAfter(properties.window().toSeconds(), TimeUnit.SECONDS));
      indexed = true;
    }
    return claims;
  }
}
