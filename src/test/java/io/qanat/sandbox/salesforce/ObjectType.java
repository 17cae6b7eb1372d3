package io.qanat.sandbox.salesforce;

import io.qanat.sandbox.salesforce.Field.FieldType;
import io.qanat.sandbox.salesforce.Field.Trait;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An object of the org with its fields, whose names are found in any spelling of case. */
final class ObjectType {
  private final String name;
  private final String label;
  private final String keyPrefix;
  private final boolean writable;
  private final Map<String, Field> fields = Collections.synchronizedMap(new LinkedHashMap<>());

  private volatile List<Field> inOrder = List.of();

  ObjectType(String name, String label, String keyPrefix, boolean writable) {
    this.name = name;
    this.label = label;
    this.keyPrefix = keyPrefix;
    this.writable = writable;
    add("Id", name + " ID", FieldType.ID, 18, Trait.READ_ONLY);
  }

  String name() {
    return name;
  }

  String label() {
    return label;
  }

  String keyPrefix() {
    return keyPrefix;
  }

  boolean writable() {
    return writable;
  }

  Collection<Field> fields() {
    return inOrder;
  }

  @Nullable Field field(String fieldName) {
    return fields.get(fieldName.toLowerCase(Locale.ROOT));
  }

  ObjectType add(String fieldName, String fieldLabel, FieldType type, int length, Trait... traits) {
    Set<Trait> set = EnumSet.noneOf(Trait.class);
    Collections.addAll(set, traits);
    return add(new Field(fieldName, fieldLabel, type, length, Set.copyOf(set), null));
  }

  ObjectType reference(String fieldName, String fieldLabel, String to, Trait... traits) {
    return add(new Field(fieldName, fieldLabel, FieldType.REFERENCE, 18, Set.of(traits), to));
  }

  ObjectType add(Field field) {
    synchronized (fields) {
      fields.put(field.name().toLowerCase(Locale.ROOT), field);
      inOrder = List.copyOf(fields.values());
    }
    return this;
  }

  ObjectType addAudit() {
    return add("IsDeleted", "Deleted", FieldType.BOOLEAN, 0, Trait.READ_ONLY)
        .add("CreatedDate", "Created Date", FieldType.DATETIME, 0, Trait.READ_ONLY)
        .reference("CreatedById", "Created By ID", "User", Trait.READ_ONLY)
        .add("LastModifiedDate", "Last Modified Date", FieldType.DATETIME, 0, Trait.READ_ONLY)
        .reference("LastModifiedById", "Last Modified By ID", "User", Trait.READ_ONLY)
        .add("SystemModstamp", "System Modstamp", FieldType.DATETIME, 0, Trait.READ_ONLY);
  }
}
