package io.qanat.sandbox.salesforce;

import org.jspecify.annotations.Nullable;

/** One record of a write request: a draft to create, or the id or key of the record to change. */
record Write(
    Kind kind,
    Draft draft,
    @Nullable String id,
    @Nullable Field keyField,
    @Nullable String key,
    @Nullable SaveError refused) {
  enum Kind {
    CREATE,
    UPDATE,
    UPSERT,
    DELETE
  }

  static Write create(Draft draft) {
    return new Write(Kind.CREATE, draft, null, null, null, null);
  }

  static Write update(String id, Draft draft) {
    return new Write(Kind.UPDATE, draft, id, null, null, null);
  }

  static Write upsert(Field keyField, String key, Draft draft) {
    return new Write(Kind.UPSERT, draft, null, keyField, key, null);
  }

  static Write delete(String id, Draft draft) {
    return new Write(Kind.DELETE, draft, id, null, null, null);
  }

  static Write refused(Kind kind, Draft draft, SaveError error) {
    return new Write(kind, draft, null, null, null, error);
  }
}
