package io.qanat.sandbox.salesforce;

import io.qanat.sandbox.salesforce.Field.Trait;
import io.qanat.sandbox.salesforce.Write.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Saves the records of a request in the steps that a real org takes, so that its races are real: it
 * looks the keys up, locks the rows, and only then writes. Whoever created a key in between wins.
 */
final class Saver {
  private static final SaveError ROLLED_BACK =
      SaveError.of(
          "ALL_OR_NONE_OPERATION_ROLLED_BACK",
          "Record rolled back because not all records were valid and the request was using"
              + " AllOrNone header");

  private record Target(@Nullable Row row, @Nullable SaveError error) {}

  private final Store store;
  private final Rules rules;
  private volatile long transactionMillis;

  Saver(Store store) {
    this.store = store;
    this.rules = new Rules(store);
  }

  /** How long a transaction holds its locks before it writes. */
  void lastFor(long millis) {
    transactionMillis = millis;
  }

  List<SaveResult> save(Transaction tx, List<Write> writes, boolean allOrNone) {
    Map<String, Integer> repeats = new HashMap<>();
    writes.forEach(write -> identities(write).forEach(i -> repeats.merge(i, 1, Integer::sum)));
    List<Target> targets = new ArrayList<>();
    for (Write write : writes) {
      SaveError repeated = repeated(write, repeats);
      targets.add(repeated == null ? resolve(write) : new Target(null, repeated));
    }
    for (int i = 0; i < targets.size(); i++) {
      SaveError error =
          targets.get(i).error() == null ? lock(tx, writes.get(i), targets.get(i)) : null;
      if (error != null) {
        targets.set(i, new Target(null, error));
      }
    }
    pause();
    int mark = tx.mark();
    List<SaveResult> results = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      results.add(write(tx, writes.get(i), targets.get(i)));
    }
    if (allOrNone && !results.stream().allMatch(SaveResult::success)) {
      tx.rollbackTo(mark);
      results.replaceAll(r -> r.success() ? SaveResult.failed(ROLLED_BACK) : r);
    }
    return results;
  }

  /** What must not occur twice in one request: the upsert key, the id, or a unique value. */
  private static List<String> identities(Write write) {
    if (write.key() != null) {
      return List.of("key/" + Table.fold(write.key()));
    }
    if (write.kind() == Kind.UPDATE && write.id() != null) {
      return List.of("id/" + write.id());
    }
    return write.kind() == Kind.CREATE ? uniqueValues(write) : List.of();
  }

  private static List<String> uniqueValues(Write write) {
    List<String> values = new ArrayList<>();
    for (Field field : write.draft().type().fields()) {
      String value = field.is(Trait.UNIQUE) ? write.draft().text(field.name()) : null;
      if (value != null) {
        values.add(write.draft().type().name() + "/" + field.name() + "/" + Table.fold(value));
      }
    }
    return values;
  }

  private static @Nullable SaveError repeated(Write write, Map<String, Integer> repeats) {
    if (identities(write).stream().noneMatch(i -> repeats.getOrDefault(i, 0) > 1)) {
      return null;
    }
    return switch (write.kind()) {
      case UPSERT ->
          SaveError.of(
              "DUPLICATE_VALUE",
              "Duplicate external id specified: " + write.key(),
              Objects.requireNonNull(write.keyField()).name());
      case UPDATE -> SaveError.of("DUPLICATE_VALUE", "duplicate id specified: " + write.id(), "Id");
      default ->
          SaveError.of(
              "DUPLICATE_VALUE",
              "duplicate value found: <unknown> duplicates value on record with id: <unknown>");
    };
  }

  private Target resolve(Write write) {
    ObjectType type = write.draft().type();
    if (write.refused() != null) {
      return new Target(null, write.refused());
    }
    if (write.keyField() != null && write.key() != null) {
      List<Row> found = store.find(type, write.keyField(), write.key());
      if (found.size() > 1) {
        String ids = String.join(", ", found.stream().map(Row::id).toList());
        return new Target(
            null,
            SaveError.of(
                "DUPLICATE_EXTERNAL_ID",
                "%s: more than one record found for external id field: [%s]"
                    .formatted(write.keyField().label(), ids),
                write.keyField().name()));
      }
      return new Target(found.isEmpty() ? null : found.get(0), null);
    }
    if (write.id() == null) {
      return new Target(null, null);
    }
    Row row = store.get(type, write.id());
    if (row == null) {
      return new Target(null, SaveError.crossReference());
    }
    return row.deleted() ? new Target(null, SaveError.deleted()) : new Target(row, null);
  }

  private static @Nullable SaveError lock(Transaction tx, Write write, Target target) {
    String id = target.row() == null ? null : target.row().id();
    String external =
        target.row() == null
            ? write.draft().text("ExternalId__c")
            : target.row().text("ExternalId__c");
    if (tx.isHeldElsewhere(write.key()) || tx.isHeldElsewhere(id) || tx.isHeldElsewhere(external)) {
      return SaveError.locked(id == null ? "" : id);
    }
    // The parent account is locked with its contacts, as in a real org.
    String account = write.draft().text("AccountId");
    List<String> names = new ArrayList<>(id == null ? uniqueValues(write) : List.of(id));
    if (account != null && Ids.normalize(account) != null) {
      names.add(Ids.normalize(account));
    }
    for (String name : names) {
      if (!tx.lock(name)) {
        return SaveError.locked(id == null ? "" : id);
      }
    }
    return null;
  }

  private SaveResult write(Transaction tx, Write write, Target target) {
    Boolean created = write.kind() == Kind.UPSERT ? target.row() == null : null;
    if (target.error() != null) {
      return failed(write, List.of(target.error()));
    }
    // The row is read again: it may have changed while this transaction waited for its lock.
    Row before = target.row() == null ? null : store.get(target.row().type(), target.row().id());
    if (target.row() != null && (before == null || before.deleted())) {
      return failed(write, List.of(SaveError.deleted()));
    }
    Row after;
    if (write.kind() == Kind.DELETE) {
      after = stamped(Objects.requireNonNull(before)).asDeleted();
    } else {
      List<SaveError> errors = rules.check(write.draft(), before == null);
      if (!errors.isEmpty()) {
        return failed(write, errors);
      }
      Row base = before == null ? blank(write.draft().type()) : before;
      after = stamped(Rules.complete(base.with(write.draft().values())));
    }
    SaveError error = tx.write(before, after);
    return error == null ? SaveResult.saved(after.id(), created) : failed(write, List.of(error));
  }

  private static SaveResult failed(Write write, List<SaveError> errors) {
    return new SaveResult(null, write.kind() == Kind.UPSERT ? false : null, errors);
  }

  private Row blank(ObjectType type) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Field field : type.fields()) {
      if (field.type() == Field.FieldType.BOOLEAN && !field.is(Trait.READ_ONLY)) {
        values.put(field.name(), false);
      }
    }
    values.put("OwnerId", store.userId());
    values.put("CreatedDate", store.now());
    values.put("CreatedById", store.userId());
    return new Row(type, store.newId(type), false, values);
  }

  private Row stamped(Row row) {
    String now = store.now();
    return row.with(
        Map.of("LastModifiedDate", now, "SystemModstamp", now, "LastModifiedById", store.userId()));
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(transactionMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
