package io.qanat.mongodb;

import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Projections.include;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.MongoServerException;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.DeleteOneModel;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.WriteModel;
import io.qanat.deliver.Failure;
import io.qanat.deliver.UnavailableException;
import io.qanat.kafka.Position;
import io.qanat.mongodb.DocumentMapping.Change;
import io.qanat.mongodb.DocumentMapping.Verb;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/**
 * Writes changes of documents in unordered bulks. A document knows its {@link DocumentOrder}, so
 * that an older event changes nothing, whoever writes at the same time.
 */
final class DocumentWriter {
  private static final Failure ID_TAKEN =
      Failure.poison("ID_TAKEN", "another event has made a document with this _id", List.of("_id"));

  private final MongoDatabase database;
  private final DocumentMapping mapping;
  private final boolean ordered;
  private final Patience patience;
  private boolean indexed;

  DocumentWriter(MongoDatabase database, DocumentMapping mapping, Patience patience) {
    this.database = database;
    this.mapping = mapping;
    this.patience = patience;
    // What is only ever inserted has no order.
    ordered = mapping.rules().anyMatch(rule -> rule.verb() != Verb.INSERT);
  }

  /**
   * Writes changes of different documents.
   *
   * @param effective the events that changed something, to which those of these changes are added
   * @return why some of them were not written, by the positions of their events
   * @throws MongoException if nothing can be said about single changes
   */
  Map<Position, Failure> write(List<Change> changes, Set<Position> effective) {
    MongoCollection<BsonDocument> collection = collection();
    Map<Position, Failure> failures = new HashMap<>();
    // Asked before: a document that comes between a write and a question after it was not changed.
    List<Change> possible = without(missing(collection, changes), changes, failures);
    if (possible.isEmpty()) {
      return failures;
    }
    List<Change> there = new ArrayList<>();
    long changed = write(collection, possible, failures, there);
    List<Change> raced = there.stream().filter(c -> c.verb() == Verb.REPLACE).toList();
    if (!raced.isEmpty()) {
      // Whoever made the document meanwhile may have been older; if it was newer, it stays.
      changed += write(collection, raced, failures, new ArrayList<>());
    }
    ofOthers(collection, there).forEach(p -> failures.putIfAbsent(p, ID_TAKEN));
    List<Change> written =
        possible.stream().filter(c -> !failures.containsKey(c.event().position())).toList();
    effective.addAll(effective(collection, written, changed, effective));
    return failures;
  }

  /** Writes, and tells how many documents were changed or made anew. */
  private long write(
      MongoCollection<BsonDocument> collection,
      List<Change> changes,
      Map<Position, Failure> failures,
      List<Change> there) {
    try {
      return changed(
          collection
              .withDocumentClass(RawBsonDocument.class)
              .bulkWrite(
                  changes.stream().map(this::model).toList(),
                  new BulkWriteOptions().ordered(false)));
    } catch (MongoBulkWriteException e) {
      if (e.getWriteConcernError() != null) {
        changes.forEach(
            c ->
                failures.put(
                    c.event().position(),
                    Failure.transientFailure(
                        "MONGODB_NOT_REPLICATED",
                        "the write has not reached a majority, MongoDB's error %d"
                            .formatted(e.getWriteConcernError().getCode()))));
        return 0;
      }
      for (BulkWriteError error : e.getWriteErrors()) {
        Change change = changes.get(error.getIndex());
        if (!MongoErrors.isSameId(error)) {
          failures.put(change.event().position(), MongoErrors.failure(error));
        } else {
          there.add(change);
        }
      }
      return changed(e.getWriteResult());
    }
  }

  private static long changed(BulkWriteResult result) {
    return (long) result.getMatchedCount() + result.getUpserts().size();
  }

  /**
   * The events of changes that changed something. Only where fewer documents were changed than were
   * to be is it asked which ones: those that note it.
   */
  private Set<Position> effective(
      MongoCollection<BsonDocument> collection,
      List<Change> written,
      long changed,
      Set<Position> known) {
    Set<Position> effective = new HashSet<>();
    Map<BsonValue, Change> guarded = new HashMap<>();
    for (Change change : written) {
      if (change.verb() == Verb.PATCH || change.verb() == Verb.REPLACE) {
        guarded.put(change.id(), change);
      } else {
        effective.add(change.event().position());
      }
    }
    if (changed == guarded.size()) {
      guarded.values().forEach(c -> effective.add(c.event().position()));
      return effective;
    }
    guarded.values().removeIf(c -> known.contains(c.event().position()));
    if (!guarded.isEmpty()) {
      collection
          .find(in(DocumentMapping.ID, guarded.keySet()))
          .projection(include(DocumentOrder.FIELD))
          .forEach(
              document -> {
                Change change = guarded.get(document.get(DocumentMapping.ID));
                if (change != null
                    && DocumentOrder.noted(change.event(), document)
                        == change.event().order().offset()) {
                  effective.add(change.event().position());
                }
              });
    }
    return effective;
  }

  private WriteModel<RawBsonDocument> model(Change change) {
    BsonDocument same = new BsonDocument(DocumentMapping.ID, change.id());
    return switch (change.verb()) {
      case INSERT -> {
        same.putAll(ordered(change));
        yield new InsertOneModel<>(RawDocuments.of(same));
      }
      case REPLACE ->
          new ReplaceOneModel<>(
              newer(same, change),
              RawDocuments.of(ordered(change)),
              new ReplaceOptions().upsert(true));
      case PATCH ->
          new UpdateOneModel<>(
              newer(same, change),
              new BsonDocument(
                  "$set",
                  change
                      .fields()
                      .clone()
                      .append(
                          DocumentOrder.path(change.event()),
                          DocumentOrder.offset(change.event()))));
      case DELETE -> new DeleteOneModel<>(newer(same, change));
    };
  }

  private BsonDocument ordered(Change change) {
    return ordered
        ? change.fields().clone().append(DocumentOrder.FIELD, DocumentOrder.of(change.event()))
        : change.fields();
  }

  /** Matches the document as long as no newer event of this partition changed it. */
  private static BsonDocument newer(BsonDocument same, Change change) {
    same.putAll(change.rule().when());
    return same.append(DocumentOrder.path(change.event()), DocumentOrder.before(change.event()));
  }

  /** Those that were to make a document that is there already, and that another event has made. */
  private Set<Position> ofOthers(MongoCollection<BsonDocument> collection, List<Change> there) {
    Map<BsonValue, Change> inserts = new HashMap<>();
    there.stream()
        .filter(c -> c.verb() == Verb.INSERT && !c.rule().sameById())
        .forEach(c -> inserts.put(c.id(), c));
    Set<Position> others = new HashSet<>();
    if (!inserts.isEmpty()) {
      collection
          .find(in(DocumentMapping.ID, inserts.keySet()))
          .forEach(
              document -> {
                Change change = inserts.get(document.get(DocumentMapping.ID));
                if (change != null && !isOf(change, document)) {
                  others.add(change.event().position());
                }
              });
    }
    return others;
  }

  /**
   * What can change tells whose it is by its order, and what cannot by what it holds of the event:
   * the time of one that tells none is another each time that it is redriven.
   */
  private boolean isOf(Change change, BsonDocument document) {
    if (ordered) {
      return DocumentOrder.noted(change.event(), document) >= change.event().order().offset();
    }
    Set<String> given = new HashSet<>();
    change.rule().fields().stream()
        .filter(f -> f.isGiven(change.event()))
        .forEach(f -> given.add(f.name()));
    return change.fields().entrySet().stream()
        .filter(field -> !given.contains(field.getKey()))
        .allMatch(field -> field.getValue().equals(document.get(field.getKey())));
  }

  private List<Change> without(
      Set<Change> missing, List<Change> changes, Map<Position, Failure> failures) {
    if (missing.isEmpty()) {
      return changes;
    }
    missing.forEach(c -> failures.put(c.event().position(), patience.missing(c.event())));
    return changes.stream().filter(c -> !missing.contains(c)).toList();
  }

  /** Those that are to change a document that is not there. */
  private Set<Change> missing(MongoCollection<BsonDocument> collection, List<Change> changes) {
    List<Change> patches = changes.stream().filter(c -> c.verb() == Verb.PATCH).toList();
    Set<Change> missing = Collections.newSetFromMap(new IdentityHashMap<>());
    if (!patches.isEmpty()) {
      Set<BsonValue> there = new HashSet<>();
      collection
          .find(in(DocumentMapping.ID, patches.stream().map(Change::id).toList()))
          .projection(include(DocumentMapping.ID))
          .forEach(document -> there.add(document.get(DocumentMapping.ID)));
      for (Change patch : patches) {
        if (there.contains(patch.id())) {
          patience.found(patch.event());
        } else {
          missing.add(patch);
        }
      }
    }
    return missing;
  }

  private synchronized MongoCollection<BsonDocument> collection() {
    MongoCollection<BsonDocument> collection =
        database.getCollection(mapping.collection(), BsonDocument.class);
    if (!indexed) {
      mapping.indexes().forEach(index -> create(collection, index));
      indexed = true;
    }
    return collection;
  }

  private static void create(MongoCollection<BsonDocument> collection, DocumentIndex index) {
    try {
      collection.createIndex(index.keys(), new IndexOptions().unique(index.unique()));
    } catch (MongoServerException e) {
      // Without it every query would scan; nothing is written until somebody mends it.
      throw new UnavailableException(
          "MONGODB_INDEX",
          "the index %s of %s cannot be made, MongoDB's error %d"
              .formatted(
                  index.keys().toJson(),
                  collection.getNamespace().getCollectionName(),
                  e.getCode()),
          e);
    }
  }
}
