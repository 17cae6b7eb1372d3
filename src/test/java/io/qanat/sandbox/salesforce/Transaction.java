package io.qanat.sandbox.salesforce;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The writes of one request: what it locked, and how to take back what it wrote. */
final class Transaction implements AutoCloseable {
  private record Step(@Nullable Row before, Row after) {}

  private final Store store;
  private final RowLocks locks;
  private final Stats stats;
  private final Set<String> heldElsewhere;
  private final boolean everyRowHeld;
  private final Set<String> held = new HashSet<>();
  private final Deque<Step> steps = new ArrayDeque<>();

  /** A fault may name keys or ids of rows that another process holds, or hold every row. */
  Transaction(Store store, RowLocks locks, Stats stats, @Nullable Fault rowLock) {
    this.store = store;
    this.locks = locks;
    this.stats = stats;
    this.heldElsewhere = rowLock == null ? Set.of() : rowLock.foldedKeys();
    this.everyRowHeld = rowLock != null && heldElsewhere.isEmpty();
  }

  boolean isHeldElsewhere(@Nullable String key) {
    return everyRowHeld || (key != null && heldElsewhere.contains(Table.fold(key)));
  }

  boolean lock(String name) {
    boolean locked = locks.lock(name, this);
    if (locked) {
      held.add(name);
    }
    return locked;
  }

  @Nullable SaveError write(@Nullable Row before, Row after) {
    SaveError error = store.replace(before, after);
    if (error == null) {
      steps.addLast(new Step(before, after));
    }
    return error;
  }

  int mark() {
    return steps.size();
  }

  void rollbackTo(int mark) {
    while (steps.size() > mark) {
      Step step = steps.removeLast();
      store.restore(step.before(), step.after());
    }
  }

  /** Counts the writes for good. */
  void commit() {
    steps.stream().map(Step::after).filter(row -> !row.deleted()).forEach(stats::wrote);
    steps.clear();
  }

  @Override
  public void close() {
    rollbackTo(0);
    locks.release(held);
  }
}
