package io.qanat.salesforce;

import io.qanat.deliver.Event;
import io.qanat.deliver.Failure;
import io.qanat.deliver.FailureClass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The changes of a batch that must reach Salesforce one after the other, because they share an
 * event key or a record. Chains are independent of each other; only their heads travel together.
 */
final class Chain {
  private final Deque<Step> steps = new ArrayDeque<>();
  private final Outcomes outcomes;

  private Chain(Outcomes outcomes) {
    this.outcomes = outcomes;
  }

  static Collection<Chain> of(List<Change> changes, Outcomes outcomes) {
    Map<Object, Object> parents = new HashMap<>();
    for (Change change : changes) {
      parents.put(root(parents, change.key().folded()), root(parents, change.event().key()));
    }
    Map<Object, Chain> chains = new LinkedHashMap<>();
    for (Change change : changes) {
      chains
          .computeIfAbsent(root(parents, change.event().key()), none -> new Chain(outcomes))
          .append(change);
    }
    return chains.values();
  }

  private static Object root(Map<Object, Object> parents, Object of) {
    Object at = of;
    for (Object up = parents.get(at); up != null && !up.equals(at); up = parents.get(at)) {
      at = up;
    }
    return at;
  }

  private void append(Change change) {
    Step last = steps.peekLast();
    if (last != null && last.takes(change)) {
      steps.removeLast();
      steps.addLast(last.and(change));
    } else {
      steps.addLast(new Step(List.of(change)));
    }
  }

  boolean settled() {
    return steps.isEmpty();
  }

  /** What is to be written next. */
  Step head() {
    return steps.element();
  }

  void delivered() {
    steps.remove().changes().forEach(change -> outcomes.delivered(change.event()));
  }

  /**
   * The head failed. A row of several events is tried again event by event, so that only the guilty
   * one is refused; what is held holds the rest of the chain.
   */
  void failed(Failure failure) {
    boolean held = failure.failureClass() != FailureClass.POISON;
    Step head = steps.remove();
    if (failure.failureClass() != FailureClass.TRANSIENT && head.changes().size() > 1) {
      List<Change> changes = head.changes();
      for (int i = changes.size() - 1; i >= 0; i--) {
        steps.addFirst(new Step(List.of(changes.get(i))));
      }
      return;
    }
    head.changes().forEach(change -> outcomes.failed(change.event(), failure));
    if (held) {
      Failure behind = failure;
      if (failure.failureClass() == FailureClass.UNKNOWN) {
        Event blocking = head.changes().get(0).event();
        behind = Failure.keptBack("behind " + blocking.position() + ": " + failure.code());
      }
      holdRest(behind);
    }
  }

  /** Holds all that is not settled yet. */
  void holdRest(Failure failure) {
    List<Step> rest = new ArrayList<>(steps);
    steps.clear();
    for (Step step : rest) {
      step.changes().forEach(change -> outcomes.failed(change.event(), failure));
    }
  }
}
