package io.qanat.salesforce;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Salesforce ids that upserts returned, so that deletes can go 200 at a time. Bounded; a key
 * has one id and an id one key, so that a record that came back under another key is never deleted
 * for its old one.
 */
final class RecordIds {
  private final int capacity;
  private final Map<RecordKey, String> ids = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, RecordKey> keys = new HashMap<>();

  RecordIds(int capacity) {
    this.capacity = capacity;
  }

  synchronized void remember(RecordKey key, String id) {
    forget(key);
    RecordKey before = keys.put(id, key.folded());
    if (before != null) {
      ids.remove(before);
    }
    ids.put(key.folded(), id);
    if (ids.size() > capacity) {
      forget(ids.keySet().iterator().next());
    }
  }

  synchronized @Nullable String get(RecordKey key) {
    return ids.get(key.folded());
  }

  synchronized void forget(RecordKey key) {
    String id = ids.remove(key.folded());
    if (id != null) {
      keys.remove(id);
    }
  }
}
