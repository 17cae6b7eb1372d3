package io.qanat.mongodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoDatabase;
import io.qanat.deliver.FieldPath;
import io.qanat.deliver.MappingDocument;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonNull;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/**
 * What a request asks of a collection. All that a caller gives is a value that fields are equal to:
 * a text stays a text, whatever stands in it.
 *
 * <pre>
 * collection: records
 * filter:                                         # fields that must be equal; optional
 *   kind: {type: string, absent: omitted}         # from the parameter of the same name, if it is there
 * sort: {by: added_at, order: desc}               # then by _id; asc, desc, or the parameter that says which; optional
 * limit: limit                                    # the parameter that says how many; optional
 * after: after                                    # the parameter that a page begins after; optional
 * </pre>
 *
 * <p>A page begins where the one before ended, so that documents that come and go meanwhile neither
 * repeat nor hide others.
 */
public final class DocumentQuery {
  private static final int MOST = 1_000;
  // What can be compared; a pattern or code cannot.
  private static final Set<BsonType> PLACE =
      EnumSet.of(
          BsonType.STRING,
          BsonType.INT32,
          BsonType.INT64,
          BsonType.DOUBLE,
          BsonType.DECIMAL128,
          BsonType.BOOLEAN,
          BsonType.DATE_TIME,
          BsonType.OBJECT_ID,
          BsonType.NULL);

  private static final String ASCENDING = "asc";
  private static final String DESCENDING = "desc";

  private final String collection;
  private final Map<String, DocumentParameter> filter;
  private final @Nullable String by;
  private final @Nullable String order;
  private final @Nullable String limit;
  private final @Nullable String after;

  private DocumentQuery(MappingDocument file) {
    Map<String, Node> sections = file.sections("collection", "filter", "sort", "limit", "after");
    collection = file.text(file.section(sections, "collection"), "collection");
    filter = new LinkedHashMap<>();
    Node filterNode = sections.get("filter");
    if (filterNode != null) {
      file.entries(filterNode, "filter")
          .forEach(
              (name, node) ->
                  filter.put(file.path(node, name).path(), parameter(file, name, node)));
    }
    Node sort = sections.get("sort");
    Map<String, Node> options = sort == null ? Map.of() : file.options(sort, "sort", "by", "order");
    by = sort == null ? null : field(file, file.section(options, "by"));
    order = text(file, options, "order");
    limit = text(file, sections, "limit");
    after = text(file, sections, "after");
    Node afterNode = sections.get("after");
    if (afterNode != null && by == null) {
      throw file.wrong(afterNode, "after needs a sort, because a page begins behind a document");
    }
  }

  /** The name of a field; an operator is none. */
  private static String field(MappingDocument file, Node node) {
    return file.path(node, file.text(node, "by")).path();
  }

  /** A parameter, and what its value must be. */
  private record DocumentParameter(FieldPath from, FieldType type, boolean optional) {}

  /**
   * Reads a query.
   *
   * @throws IllegalArgumentException that says where the file is wrong and how
   */
  public static DocumentQuery read(MappingDocument file) {
    return new DocumentQuery(file);
  }

  private static @Nullable String text(
      MappingDocument file, Map<String, Node> options, String name) {
    Node node = options.get(name);
    return node == null ? null : file.text(node, name);
  }

  private static DocumentParameter parameter(MappingDocument file, String name, Node node) {
    Map<String, Node> options = file.options(node, "filter." + name, "type", "from", "absent");
    Node typeNode = file.section(options, "type");
    FieldType type =
        FieldType.of(file.text(typeNode, "type"))
            .orElseThrow(() -> file.wrong(typeNode, "this is no known type"));
    String absent = text(file, options, "absent");
    if (absent != null && !absent.equals("omitted")) {
      throw file.wrong(node, "absent can only be omitted");
    }
    Node from = options.get("from");
    return new DocumentParameter(
        from == null ? new FieldPath(name) : file.path(from, file.text(from, "from")),
        type,
        absent != null);
  }

  /**
   * What was found.
   *
   * @param next where the next page begins, if there is one
   */
  public record Page(List<FoundDocument> documents, Optional<Next> next) {}

  /**
   * Where a page begins.
   *
   * @param after the parameter that says so
   * @param place its value
   */
  public record Next(String after, String place) {}

  /** A request's parameter is none that can be used. */
  public static final class ParameterException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String parameter;

    ParameterException(String parameter, String reason) {
      super(reason, null, false, false);
      this.parameter = parameter;
    }

    /** The name of the parameter. */
    public String parameter() {
      return parameter;
    }
  }

  /**
   * Finds what the parameters of a request ask for.
   *
   * @throws ParameterException if one of them is wrong
   * @throws com.mongodb.MongoException if MongoDB does not answer
   */
  public Page find(MongoDatabase database, ObjectNode parameters) {
    int most = most(parameters);
    FindIterable<BsonDocument> found =
        database
            .getCollection(collection, BsonDocument.class)
            .find(wanted(parameters))
            .sort(sort(parameters))
            .limit(most + 1);
    List<BsonDocument> documents = found.into(new ArrayList<>());
    boolean more = documents.size() > most;
    List<BsonDocument> page = more ? documents.subList(0, most) : documents;
    return new Page(
        page.stream().map(FoundDocument::of).toList(),
        more && after != null
            ? Optional.of(new Next(after, cursor(page.get(page.size() - 1))))
            : Optional.empty());
  }

  /**
   * What tells this question from every other that is asked of MongoDB.
   *
   * @throws ParameterException if a parameter is wrong
   */
  public String key(MongoDatabase database, ObjectNode parameters) {
    return "%s.%s %s %s"
        .formatted(
            database.getName(), collection, wanted(parameters).toJson(), sort(parameters).toJson());
  }

  private BsonDocument sort(ObjectNode parameters) {
    if (by == null) {
      return new BsonDocument();
    }
    BsonInt32 direction = new BsonInt32(ascending(parameters) ? 1 : -1);
    return new BsonDocument(by, direction).append(DocumentMapping.ID, direction);
  }

  private BsonDocument wanted(ObjectNode parameters) {
    BsonDocument wanted = new BsonDocument();
    filter.forEach(
        (field, parameter) -> {
          JsonNode value = parameter.from().in(parameters);
          if (value != null && !value.isNull()) {
            wanted.put(field, read(parameter, value));
          } else if (!parameter.optional()) {
            throw new ParameterException(parameter.from().path(), "is missing");
          }
        });
    String from = after == null ? null : parameters.path(after).textValue();
    if (from != null && by != null) {
      behind(wanted, parse(from), ascending(parameters) ? "$gt" : "$lt");
    }
    return wanted;
  }

  private static BsonValue read(DocumentParameter parameter, JsonNode value) {
    try {
      return parameter.type().read(value);
    } catch (RuntimeException e) {
      throw new ParameterException(parameter.from().path(), "must be " + parameter.type().words());
    }
  }

  /** The range is bounded by the first field alone, so that an index serves it. */
  private void behind(BsonDocument wanted, BsonDocument last, String comparison) {
    BsonValue value = last.get(String.valueOf(by), BsonNull.VALUE);
    wanted.put(String.valueOf(by), new BsonDocument(comparison + "e", value));
    wanted.put(
        "$or",
        new BsonArray(
            List.of(
                new BsonDocument(String.valueOf(by), new BsonDocument(comparison, value)),
                new BsonDocument(
                    DocumentMapping.ID,
                    new BsonDocument(comparison, last.get(DocumentMapping.ID, BsonNull.VALUE))))));
  }

  private int most(ObjectNode parameters) {
    String text = limit == null ? null : parameters.path(limit).asText(null);
    try {
      return text == null ? MOST : Math.min(MOST, Math.max(1, Integer.parseInt(text)));
    } catch (NumberFormatException e) {
      throw new ParameterException(String.valueOf(limit), "must be a whole number");
    }
  }

  private boolean ascending(ObjectNode parameters) {
    String said =
        order == null || order.equals(ASCENDING) || order.equals(DESCENDING)
            ? order
            : parameters.path(order).textValue();
    return !DESCENDING.equals(said);
  }

  private String cursor(BsonDocument last) {
    BsonDocument place = new BsonDocument(DocumentMapping.ID, last.get(DocumentMapping.ID));
    if (by != null) {
      place.put(by, last.get(by, BsonNull.VALUE));
    }
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(place.toJson().getBytes(StandardCharsets.UTF_8));
  }

  private BsonDocument parse(String cursor) {
    try {
      BsonDocument place =
          BsonDocument.parse(
              new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8));
      if (PLACE.contains(type(place, DocumentMapping.ID))
          && PLACE.contains(type(place, String.valueOf(by)))) {
        return place;
      }
    } catch (RuntimeException e) {
      // It is told below.
    }
    throw new ParameterException(
        String.valueOf(after), "is no place in the list; take it from the page before, as it is");
  }

  private static BsonType type(BsonDocument place, String field) {
    return place.containsKey(field) ? place.get(field).getBsonType() : BsonType.UNDEFINED;
  }
}
