package io.qanat.mongodb;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.deliver.Event;
import io.qanat.deliver.FieldPath;
import io.qanat.deliver.RefusedException;
import io.qanat.mongodb.DocumentField.Data;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * How the events of a flow become documents of a collection.
 *
 * @param collection the collection
 * @param events what each type of event does: of several rules, the first that fits the document
 * @param indexes the indexes that the collection has
 */
record DocumentMapping(
    String collection, Map<String, List<Rule>> events, List<DocumentIndex> indexes) {
  /** The field that identifies a document. */
  static final String ID = "_id";

  /** What an event does to its document. */
  enum Verb {
    /** Makes it, unless it is there. */
    INSERT,
    /** Makes it, or makes it anew. */
    REPLACE,
    /** Changes fields of one that is there. */
    PATCH,
    /** Deletes it. */
    DELETE
  }

  /**
   * What events of one type do.
   *
   * @param verb to their document
   * @param fields what of it is written; {@code _id} is one of them
   * @param when which documents are changed, as a filter; others are left as they are
   * @param dropsOthers whether fields of an event that are not written are passed over; else they
   *     are refused
   */
  record Rule(Verb verb, List<DocumentField> fields, BsonDocument when, boolean dropsOthers) {
    /** Whether documents with the same id are the same, because it is made of their values. */
    boolean sameById() {
      return fields.stream()
          .anyMatch(f -> f.name().equals(ID) && f.source() instanceof DocumentField.Digest);
    }

    private Set<String> known() {
      return fields.stream()
          .filter(f -> f.source() instanceof Data)
          .map(f -> ((Data) f.source()).path().path())
          .collect(Collectors.toSet());
    }
  }

  /**
   * What one event does.
   *
   * @param rule what events of its type do
   * @param id the document's
   * @param fields what is written of it, without its id
   */
  record Change(Event event, Rule rule, BsonValue id, BsonDocument fields) {
    Verb verb() {
      return rule.verb();
    }
  }

  /**
   * Reads an event: what it does, one thing after the other. Once one of them has changed the
   * document, the order that this has noted lets the next change nothing.
   *
   * @throws RefusedException if it cannot become a document
   */
  List<Change> read(Event event) throws RefusedException {
    List<Rule> rules = events.get(event.type());
    if (rules == null) {
      throw RefusedException.unknownType(event);
    }
    List<Change> changes = new ArrayList<>(rules.size());
    for (Rule rule : rules) {
      changes.add(read(event, rule));
    }
    return changes;
  }

  private static Change read(Event event, Rule rule) throws RefusedException {
    if (!rule.dropsOthers()) {
      refuseOthers(event, rule);
    }
    BsonDocument document = new BsonDocument(rule.fields().size());
    for (DocumentField field : rule.fields()) {
      try {
        BsonValue value = field.source().of(event, document);
        if (value != null) {
          document.put(field.name(), value);
        }
      } catch (IllegalArgumentException e) {
        throw new RefusedException(
            "INVALID_VALUE", String.valueOf(e.getMessage()), List.of(field.name()));
      }
    }
    BsonValue id = Objects.requireNonNullElseGet(document.remove(ID), () -> new BsonString(""));
    if (id.isNull() || id.equals(new BsonString(""))) {
      throw new RefusedException("INVALID_VALUE", "the document has no _id", List.of(ID));
    }
    return new Change(event, rule, id, document);
  }

  private static void refuseOthers(Event event, Rule rule) throws RefusedException {
    List<String> others = new ArrayList<>();
    others(event.data(), "", rule.known(), others);
    if (!others.isEmpty()) {
      throw RefusedException.unmapped(others);
    }
  }

  private static void others(JsonNode data, String prefix, Set<String> known, List<String> others) {
    if (known.contains(FieldPath.WHOLE.path())) {
      return;
    }
    for (Map.Entry<String, JsonNode> property : data.properties()) {
      String path = prefix + property.getKey();
      if (known.contains(path)) {
        continue;
      }
      if (property.getValue().isObject()
          && known.stream().anyMatch(k -> k.startsWith(path + "."))) {
        others(property.getValue(), path + ".", known, others);
      } else {
        others.add(path);
      }
    }
  }

  /** Whether the order of events can be read from the documents alone. */
  boolean keepsOrder() {
    return rules().noneMatch(rule -> rule.verb() == Verb.DELETE);
  }

  /** All rules, of all types of events. */
  Stream<Rule> rules() {
    return events.values().stream().flatMap(List::stream);
  }
}
