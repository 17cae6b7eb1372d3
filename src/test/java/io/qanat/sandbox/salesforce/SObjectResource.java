package io.qanat.sandbox.salesforce;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code /sobjects}: what objects there are, and one record at a time by id or external id. */
final class SObjectResource {
  private final Store store;
  private final Saver saver;

  SObjectResource(Store store, Saver saver) {
    this.store = store;
    this.saver = saver;
  }

  Answer handle(Call call, List<String> rest, Transaction tx) {
    if (rest.isEmpty()) {
      allow(call, "GET");
      return Answer.ok(Describe.global(store.schema(), call));
    }
    ObjectType type = store.schema().get(rest.get(0));
    if (rest.size() == 1) {
      allow(call, "GET,POST");
      return call.method().equals("GET") ? basics(type, call) : create(type, call, tx);
    }
    if (rest.size() == 2 && rest.get(1).equalsIgnoreCase("describe")) {
      allow(call, "GET");
      return Answer.ok(Describe.full(type, call));
    }
    if (rest.size() == 2 || rest.get(1).equalsIgnoreCase("Id")) {
      allow(call, "DELETE,GET,PATCH");
      return byId(type, rest.get(rest.size() == 2 ? 1 : 2), call, tx);
    }
    allow(call, "DELETE,GET,PATCH");
    // A key with an unescaped slash arrives as several segments.
    String key = String.join("/", rest.subList(2, rest.size()));
    return byKey(type, CollectionResource.upsertKey(type, rest.get(1)), key, call, tx);
  }

  private static Answer basics(ObjectType type, Call call) {
    ObjectNode node = Json.object();
    node.set("objectDescribe", Describe.brief(type, call));
    node.putArray("recentItems");
    return Answer.ok(node);
  }

  private Answer create(ObjectType type, Call call, Transaction tx) {
    writable(type);
    SaveResult result = save(tx, Write.create(body(type, call, null)));
    return result.success() ? created(type, result, call) : refused(result);
  }

  private Answer byId(ObjectType type, String sent, Call call, Transaction tx) {
    String id = Ids.normalize(sent);
    if (id == null) {
      throw new ApiException(
          404,
          "NOT_FOUND",
          "Provided external ID field does not exist or is not accessible: " + sent);
    }
    if (!id.startsWith(type.keyPrefix())) {
      throw new ApiException(
          400, "MALFORMED_ID", type.name() + " ID: id value of incorrect type: " + sent, "Id");
    }
    Row row = store.get(type, id);
    if (row == null) {
      throw ApiException.notFound();
    }
    if (row.deleted()) {
      throw new ApiException(404, "ENTITY_IS_DELETED", "entity is deleted");
    }
    return existing(row, Write.update(id, new Draft(type, Map.of())), call, tx);
  }

  private Answer byKey(ObjectType type, Field field, String key, Call call, Transaction tx) {
    List<Row> found = store.find(type, field, key);
    if (found.size() > 1) {
      ArrayNode urls = Json.array();
      found.forEach(row -> urls.add(url(type, row.id(), call)));
      return Answer.json(300, urls);
    }
    if (!call.method().equals("PATCH")) {
      if (found.isEmpty()) {
        throw ApiException.notFound();
      }
      Row row = found.get(0);
      return existing(row, Write.update(row.id(), new Draft(type, Map.of())), call, tx);
    }
    writable(type);
    if (found.isEmpty() && call.flag("updateOnly")) {
      throw ApiException.notFound();
    }
    Draft draft = body(type, call, field).and(field, key.strip());
    SaveResult result = save(tx, Write.upsert(field, key.strip(), draft));
    if (!result.success()) {
      return refused(result);
    }
    return Objects.equals(result.created(), true)
        ? created(type, result, call)
        : Answer.ok(result.toJson());
  }

  /** Reads, changes or deletes a record that is there. */
  private Answer existing(Row row, Write target, Call call, Transaction tx) {
    if (call.method().equals("GET")) {
      return Answer.ok(Rows.some(row, fields(row.type(), call)));
    }
    writable(row.type());
    Write write =
        call.method().equals("DELETE")
            ? Write.delete(row.id(), target.draft())
            : Write.update(row.id(), body(row.type(), call, null));
    SaveResult result = save(tx, write);
    return result.success() ? Answer.noContent() : refused(result);
  }

  private static Collection<Field> fields(ObjectType type, Call call) {
    String wanted = call.query().getOrDefault("fields", "");
    if (wanted.isEmpty()) {
      return type.fields();
    }
    List<Field> fields = new ArrayList<>();
    for (String name : List.of(wanted.split(",", -1))) {
      Field field = type.field(name.strip());
      if (field == null) {
        throw Draft.unknownField(type, name);
      }
      fields.add(field);
    }
    return fields;
  }

  /** The record in the body, which must not name its id, nor the key that the path names. */
  private static Draft body(ObjectType type, Call call, @Nullable Field key) {
    Draft draft = Draft.read(type, Json.parseObject(call.body()));
    for (String name : key == null ? List.of("Id") : List.of("Id", key.name())) {
      if (draft.values().containsKey(name)) {
        throw new ApiException(
            400,
            "INVALID_FIELD",
            "The " + name + " field should not be specified in the sobject data.");
      }
    }
    return draft;
  }

  private SaveResult save(Transaction tx, Write write) {
    return saver.save(tx, List.of(write), true).get(0);
  }

  private static Answer created(ObjectType type, SaveResult result, Call call) {
    return Answer.json(201, result.toJson())
        .with("Location", url(type, Objects.requireNonNull(result.id()), call));
  }

  private static Answer refused(SaveResult result) {
    boolean gone = result.errors().get(0).statusCode().equals("ENTITY_IS_DELETED");
    return Answer.errors(gone ? 404 : 400, result.errors());
  }

  private static String url(ObjectType type, String id, Call call) {
    return "/services/data/%s/sobjects/%s/%s".formatted(call.version(), type.name(), id);
  }

  private static void writable(ObjectType type) {
    if (!type.writable()) {
      throw new ApiException(
          400,
          "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
          "entity type cannot be written: " + type.name());
    }
  }

  private static void allow(Call call, String methods) {
    if (!List.of(methods.split(",", -1)).contains(call.method())) {
      throw ApiException.methodNotAllowed(call.method(), methods);
    }
  }
}
