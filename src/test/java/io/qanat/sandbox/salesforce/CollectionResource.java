package io.qanat.sandbox.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.sandbox.salesforce.Write.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /composite/sobjects}: up to 200 records in one call. */
final class CollectionResource {
  private static final int MOST = 200;

  private final Schema schema;
  private final Saver saver;

  CollectionResource(Schema schema, Saver saver) {
    this.schema = schema;
    this.saver = saver;
  }

  Answer handle(Call call, List<String> rest, Transaction tx) {
    if (rest.isEmpty()) {
      return switch (call.method()) {
        case "POST" -> answer(call, tx, this::create);
        case "PATCH" -> answer(call, tx, this::update);
        case "DELETE" -> delete(call, tx);
        default -> throw ApiException.methodNotAllowed(call.method(), "DELETE,PATCH,POST");
      };
    }
    if (rest.size() != 2) {
      throw ApiException.notFound();
    }
    if (!call.method().equals("PATCH")) {
      throw ApiException.methodNotAllowed(call.method(), "PATCH");
    }
    ObjectType type = schema.get(rest.get(0));
    Field key = upsertKey(type, rest.get(1));
    return answer(call, tx, node -> upsert(type, key, node));
  }

  static Field upsertKey(ObjectType type, String name) {
    Field field = type.field(name);
    if (field == null || !field.isUpsertKey()) {
      throw new ApiException(
          404,
          "NOT_FOUND",
          "Provided external ID field does not exist or is not accessible: " + name);
    }
    return field;
  }

  private interface Reader {
    Write read(ObjectNode node);
  }

  private Answer answer(Call call, Transaction tx, Reader reader) {
    ObjectNode body = Json.parseObject(call.body());
    body.fieldNames()
        .forEachRemaining(
            name -> {
              if (!name.equals("allOrNone") && !name.equals("records")) {
                throw Json.parserError("Unrecognized field \"" + name + "\"");
              }
            });
    if (!(body.get("records") instanceof ArrayNode records)) {
      throw Json.parserError("The list of records is missing");
    }
    JsonNode allOrNone = body.path("allOrNone");
    if (!allOrNone.isMissingNode() && !allOrNone.isBoolean()) {
      throw Json.parserError("allOrNone is no boolean");
    }
    check(records.size());
    List<Write> writes = new ArrayList<>();
    for (JsonNode node : records) {
      if (!(node instanceof ObjectNode object)) {
        throw Json.parserError("A record is no object");
      }
      writes.add(reader.read(object));
    }
    return results(saver.save(tx, writes, allOrNone.asBoolean()));
  }

  private static void check(int size) {
    if (size > MOST) {
      throw new ApiException(
          400,
          "EXCEEDED_ID_LIMIT",
          "record limit reached. cannot submit more than 200 records into this call");
    }
    if (size == 0) {
      throw new ApiException(400, "MISSING_ARGUMENT", "The list of records is empty");
    }
  }

  private Write create(ObjectNode node) {
    Draft draft = Draft.read(typeOf(node, null), node);
    return draft.values().containsKey("Id")
        ? Write.refused(
            Kind.CREATE,
            draft,
            SaveError.of(
                "INVALID_FIELD_FOR_INSERT_UPDATE", "cannot specify Id in an insert call", "Id"))
        : Write.create(draft);
  }

  private Write update(ObjectNode node) {
    ObjectType type = typeOf(node, null);
    Draft draft = Draft.read(type, node);
    String sent = draft.text("Id");
    Draft rest = draft.without(type.fields().iterator().next());
    if (sent == null) {
      return Write.refused(
          Kind.UPDATE,
          rest,
          SaveError.of("MISSING_ARGUMENT", "Id not specified in an update call"));
    }
    String id = Ids.normalize(sent);
    if (id == null || !id.startsWith(type.keyPrefix())) {
      return Write.refused(
          Kind.UPDATE,
          rest,
          SaveError.of(
              "MALFORMED_ID", type.name() + " ID: id value of incorrect type: " + sent, "Id"));
    }
    return Write.update(id, rest);
  }

  private Write upsert(ObjectType type, Field key, ObjectNode node) {
    Draft draft = Draft.read(typeOf(node, type), node);
    if (draft.values().containsKey("Id")) {
      throw new ApiException(
          400, "INVALID_FIELD", "The Id field should not be specified in the sobject data.");
    }
    String value = draft.text(key.name());
    return value == null
        ? Write.refused(
            Kind.UPSERT,
            draft,
            SaveError.of("MISSING_ARGUMENT", key.name() + " not specified", key.name()))
        : Write.upsert(key, value, draft);
  }

  /** The object that the record names, which must be the one of the path if that names one. */
  private ObjectType typeOf(ObjectNode node, @Nullable ObjectType expected) {
    JsonNode name = node.path("attributes").path("type");
    ObjectType type = name.isTextual() ? schema.find(name.textValue()) : null;
    if (type == null || !type.writable() || (expected != null && type != expected)) {
      throw new ApiException(
          400,
          "INVALID_TYPE",
          name.isTextual()
              ? "sObject type '" + name.textValue() + "' is not supported."
              : "The record's attributes do not specify a type");
    }
    return type;
  }

  private Answer delete(Call call, Transaction tx) {
    String ids = call.query().getOrDefault("ids", "");
    List<String> all = ids.isEmpty() ? List.of() : List.of(ids.split(",", -1));
    check(all.size());
    List<Write> writes = new ArrayList<>();
    for (String sent : all) {
      String id = Ids.normalize(sent.strip());
      ObjectType type = id == null ? null : schema.ofId(id);
      if (id == null || type == null || !type.writable()) {
        Draft none = new Draft(schema.get("Contact"), Map.of());
        writes.add(
            Write.refused(Kind.DELETE, none, SaveError.of("MALFORMED_ID", "malformed id " + sent)));
      } else {
        writes.add(Write.delete(id, new Draft(type, Map.of())));
      }
    }
    return results(saver.save(tx, writes, call.flag("allOrNone")));
  }

  private static Answer results(List<SaveResult> results) {
    ArrayNode list = Json.array();
    results.forEach(result -> list.add(result.toJson()));
    return Answer.ok(list);
  }
}
