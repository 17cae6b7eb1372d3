package io.qanat.mongodb;

import io.qanat.deliver.FieldPath;
import io.qanat.deliver.MappingDocument;
import io.qanat.mongodb.DocumentField.Absence;
import io.qanat.mongodb.DocumentField.Data;
import io.qanat.mongodb.DocumentField.Digest;
import io.qanat.mongodb.DocumentField.Source;
import io.qanat.mongodb.DocumentMapping.Rule;
import io.qanat.mongodb.DocumentMapping.Verb;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads a mapping file, and refuses what it does not understand with the file's name and the line.
 *
 * <pre>
 * collection: orders
 * events:
 *   order.placed:
 *     write: insert              # insert, replace, patch (of what is there) or delete
 *     fields:                    # of the document
 *       _id: {type: string, from: id}          # else the id of the event
 *       userId: {type: string}                 # from the field of the same name
 *       note: {type: string, absent: omitted}  # or null, accepted-at; else the event is refused
 *       orderStatus: {value: Processing}       # always the same
 *       created_at: {is: accepted-at}          # or event-id
 *     others: drop               # fields of events that are not named; else the event is refused
 *   order.cancelled:             # or a list of such: the first that fits the document is done
 *     write: patch
 *     when: {orderStatus: [Processing]}        # else nothing is changed
 *     fields:
 *       _id: {type: string, from: id}
 *       orderStatus: {value: Cancelled}
 * indexes:
 *   - {keys: {userId: 1, created_at: -1}, unique: false}
 * </pre>
 *
 * <p>{@code _id: {digest: [a, b]}} makes one of two documents with the same values there.
 */
final class DocumentMappingFile {
  private static final String NAME = "[A-Za-z_][A-Za-z0-9_-]*";

  private final MappingDocument file;

  private DocumentMappingFile(MappingDocument file) {
    this.file = file;
  }

  /**
   * Reads the file.
   *
   * @throws IllegalArgumentException that says where the file is wrong and how
   */
  static DocumentMapping read(MappingDocument file) {
    return new DocumentMappingFile(file).parse();
  }

  private DocumentMapping parse() {
    Map<String, Node> sections = file.sections("collection", "events", "indexes");
    Node collectionNode = file.section(sections, "collection");
    Node eventsNode = file.section(sections, "events");
    Map<String, List<Rule>> events = new LinkedHashMap<>();
    file.entries(eventsNode, "events").forEach((type, node) -> events.put(type, rules(type, node)));
    if (events.isEmpty()) {
      throw file.wrong(eventsNode, "events must name at least one event type");
    }
    return new DocumentMapping(
        name(collectionNode, file.text(collectionNode, "collection")),
        events,
        indexes(sections.get("indexes")));
  }

  private List<Rule> rules(String type, Node node) {
    String what = "events." + type;
    if (!(node instanceof SequenceNode list)) {
      return List.of(rule(what, node));
    }
    List<Rule> rules = list.getValue().stream().map(each -> rule(what, each)).toList();
    if (rules.isEmpty() || rules.stream().anyMatch(rule -> rule.verb() != Verb.PATCH)) {
      throw file.wrong(node, what + " can only have several rules if all of them patch");
    }
    return rules;
  }

  private Rule rule(String what, Node node) {
    Map<String, Node> options = file.options(node, what, "write", "fields", "when", "others");
    Node verbNode = file.section(options, "write");
    Verb verb = choice(verbNode, what + ".write", Verb.values());
    Node others = options.get("others");
    boolean drops = others != null && file.text(others, what + ".others").equals("drop");
    if (others != null && !drops && !file.text(others, what + ".others").equals("refuse")) {
      throw file.wrong(others, what + ".others must be drop or refuse");
    }
    List<DocumentField> fields = new ArrayList<>();
    Node fieldsNode = options.get("fields");
    if (fieldsNode != null) {
      file.entries(fieldsNode, what + ".fields")
          .forEach((name, field) -> fields.add(field(name, field, verb, fields)));
    }
    boolean identified = fields.stream().anyMatch(f -> f.name().equals(DocumentMapping.ID));
    if (!identified && verb != Verb.INSERT) {
      throw file.wrong(node, what + ".fields must say which document, as _id");
    }
    if (!identified) {
      fields.add(new DocumentField(DocumentMapping.ID, DocumentField.EVENT_ID));
    }
    if ((fields.size() == 1) != (verb == Verb.DELETE)) {
      throw file.wrong(
          verbNode,
          verb == Verb.DELETE
              ? what + " deletes, so that fields may only be _id"
              : what + ".fields must name what is written");
    }
    Node when = options.get("when");
    if (when != null && (verb == Verb.INSERT || verb == Verb.REPLACE)) {
      throw file.wrong(when, what + ".when is for patch and delete");
    }
    return new Rule(
        verb, List.copyOf(fields), when == null ? new BsonDocument() : when(when), drops);
  }

  private BsonDocument when(Node node) {
    BsonDocument filter = new BsonDocument();
    file.entries(node, "when")
        .forEach(
            (field, values) -> {
              if (!(values instanceof SequenceNode list) || list.getValue().isEmpty()) {
                throw file.wrong(values, "when." + field + " must be a list of values");
              }
              BsonArray any = new BsonArray();
              list.getValue().forEach(value -> any.add(constant(value)));
              filter.put(name(values, field), new BsonDocument("$in", any));
            });
    return filter;
  }

  private DocumentField field(String name, Node node, Verb verb, List<DocumentField> before) {
    name(node, name);
    String what = "fields." + name;
    Map<String, Node> options =
        file.options(node, what, "type", "from", "absent", "value", "is", "digest");
    if (options.containsKey("type")) {
      return new DocumentField(name, data(name, options, verb));
    }
    if (options.size() != 1) {
      throw file.wrong(node, what + " must have a type, or one of value, is and digest");
    }
    Node value = options.get("value");
    if (value != null) {
      BsonValue constant = constant(value);
      return new DocumentField(name, (event, none) -> constant);
    }
    Node is = options.get("is");
    if (is != null) {
      return new DocumentField(name, given(is, what));
    }
    return new DocumentField(name, digest(file.section(options, "digest"), before));
  }

  private Source given(Node node, String what) {
    return switch (file.text(node, what + ".is")) {
      case "accepted-at" -> DocumentField.ACCEPTED_AT;
      case "event-id" -> DocumentField.EVENT_ID;
      default -> throw file.wrong(node, what + ".is must be accepted-at or event-id");
    };
  }

  private Source digest(Node node, List<DocumentField> before) {
    List<DocumentField> fields = new ArrayList<>();
    for (String name : file.names(node, "digest")) {
      fields.add(
          before.stream()
              .filter(field -> field.name().equals(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      file.wrong(node, "digest names " + name + ", which is no field before it")));
    }
    return new Digest(fields);
  }

  private Source data(String name, Map<String, Node> options, Verb verb) {
    for (String other : List.of("value", "is", "digest")) {
      Node node = options.get(other);
      if (node != null) {
        throw file.wrong(node, "fields." + name + " has a type, so that it cannot have " + other);
      }
    }
    Node typeNode = file.section(options, "type");
    String type = file.text(typeNode, "type");
    FieldType known =
        FieldType.of(type)
            .orElseThrow(
                () -> file.wrong(typeNode, type + " is none of " + keys(FieldType.values())));
    Node from = options.get("from");
    FieldPath path = new FieldPath(name);
    if (from != null) {
      String text = file.text(from, "from");
      path = text.equals(FieldPath.WHOLE.path()) ? FieldPath.WHOLE : file.path(from, text);
    }
    Node absent = options.get("absent");
    Absence unsaid =
        verb == Verb.PATCH && !name.equals(DocumentMapping.ID) ? Absence.OMITTED : Absence.REFUSED;
    return new Data(
        path, known, absent == null ? unsaid : choice(absent, "absent", Absence.values()));
  }

  private List<DocumentIndex> indexes(@Nullable Node node) {
    if (node == null) {
      return List.of();
    }
    if (!(node instanceof SequenceNode list)) {
      throw file.wrong(node, "indexes must be a list");
    }
    return list.getValue().stream().map(this::index).toList();
  }

  private DocumentIndex index(Node node) {
    Map<String, Node> options = file.options(node, "an index", "keys", "unique");
    BsonDocument keys = new BsonDocument();
    file.entries(file.section(options, "keys"), "keys")
        .forEach(
            (field, order) -> {
              if (!file.text(order, "keys." + field).matches("-?1")) {
                throw file.wrong(order, "keys." + field + " must be 1 or -1");
              }
              for (String name : field.split("\\.", -1)) {
                name(order, name);
              }
              keys.put(field, constant(order));
            });
    Node unique = options.get("unique");
    return new DocumentIndex(keys, unique != null && constant(unique).equals(BsonBoolean.TRUE));
  }

  /** A value as YAML tells its type. */
  private BsonValue constant(Node node) {
    if (!(node instanceof ScalarNode scalar)) {
      throw file.wrong(node, "a value must be a single one");
    }
    String text = scalar.getValue();
    try {
      if (scalar.getTag().equals(Tag.NULL)) {
        return BsonNull.VALUE;
      }
      if (scalar.getTag().equals(Tag.BOOL)) {
        return BsonBoolean.valueOf(text.equalsIgnoreCase("true"));
      }
      if (scalar.getTag().equals(Tag.INT)) {
        long number = Long.parseLong(text);
        return number == (int) number ? new BsonInt32((int) number) : new BsonInt64(number);
      }
    } catch (NumberFormatException e) {
      throw file.wrong(node, text + " is no whole number");
    }
    return new BsonString(text);
  }

  private String name(Node node, String name) {
    if (!name.matches(NAME)) {
      throw file.wrong(node, "'" + name + "' is not a name in MongoDB");
    }
    return name;
  }

  private <E extends Enum<E>> E choice(Node node, String what, E[] values) {
    String text = file.text(node, what);
    return Arrays.stream(values)
        .filter(value -> key(value).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                file.wrong(
                    node, "%s must be one of %s, not %s".formatted(what, keys(values), text)));
  }

  private static String key(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String keys(Enum<?>[] values) {
    return Arrays.stream(values).map(DocumentMappingFile::key).collect(Collectors.joining(", "));
  }
}
