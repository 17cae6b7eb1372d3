package io.qanat.deadletter;

import io.qanat.deadletter.DeadLetterIndex.State;
import io.qanat.kafka.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter and all that happened to it. The same happenings make the same dead letter, in
 * whatever order and however often they are told.
 *
 * <p>What it is now is told by the newest record of the event: each redrive stands behind the one
 * before it in the same partition, so that their order does not hang on anybody's clock.
 *
 * @param id its id
 * @param history what happened, oldest first
 */
record DeadLetter(DeadLetterId id, List<Happening> history) {

  /** Where a happening stands in the history. */
  private record Step(long offset, int phase, Happening happening) {
    private static final Comparator<Step> ORDER =
        Comparator.comparingLong(Step::offset)
            .thenComparingInt(Step::phase)
            .thenComparing(s -> s.happening().at())
            .thenComparing(s -> s.happening().identity());
  }

  /** The dead letter of which all this is told. */
  static DeadLetter of(DeadLetterId id, Collection<? extends Happening> told) {
    Map<String, Happening> once = new HashMap<>();
    told.forEach(h -> once.merge(h.identity(), h, DeadLetter::original));
    List<Step> steps = new ArrayList<>();
    once.values().forEach(h -> steps.add(step(h, once.values())));
    steps.sort(Step.ORDER);
    return new DeadLetter(id, steps.stream().map(Step::happening).toList());
  }

  /** The same thing told twice is what was told first. */
  private static Happening original(Happening a, Happening b) {
    if (a instanceof Death x && b instanceof Death y) {
      Comparator<Death> first =
          Comparator.comparingInt((Death d) -> d.deadLetter().partition())
              .thenComparingLong(d -> d.deadLetter().offset());
      return first.compare(x, y) <= 0 ? a : b;
    }
    int order = a.at().compareTo(b.at());
    return order != 0
        ? (order < 0 ? a : b)
        : a.toJson().toString().compareTo(b.toJson().toString()) <= 0 ? a : b;
  }

  private static Step step(Happening happening, Collection<Happening> all) {
    if (happening instanceof Death death) {
      return new Step(death.record().offset(), 1, death);
    }
    Action action = (Action) happening;
    long offset = action.record() == null ? byTime(action, all) : action.record().offset();
    return switch (action.kind()) {
      case REDRIVEN -> new Step(offset, 0, action);
      case DELIVERED, SUPERSEDED -> new Step(offset, 1, action);
      case DISCARDED -> new Step(offset, 2, action);
    };
  }

  /** An action that does not say what it was done to was done to what had died by then. */
  private static long byTime(Action action, Collection<Happening> all) {
    return all.stream()
        .filter(h -> h instanceof Death && !h.at().isAfter(action.at()))
        .mapToLong(h -> ((Death) h).record().offset())
        .max()
        .orElse(-1);
  }

  private Stream<Death> deaths() {
    return history.stream().filter(Death.class::isInstance).map(Death.class::cast);
  }

  private Stream<Action> actions() {
    return history.stream().filter(Action.class::isInstance).map(Action.class::cast);
  }

  /** Whether a death of it is known; the audit can be ahead of the dead letters. */
  boolean hasDied() {
    return deaths().findAny().isPresent();
  }

  /** How it died first. */
  Death firstDeath() {
    return deaths().findFirst().orElseThrow();
  }

  /** How it died last. */
  Death lastDeath() {
    return deaths().reduce((a, b) -> b).orElseThrow();
  }

  /** What it is now. */
  State state() {
    Happening last = history.get(history.size() - 1);
    if (last instanceof Action action) {
      return switch (action.kind()) {
        case REDRIVEN -> State.REDRIVEN;
        case DELIVERED, SUPERSEDED -> State.DELIVERED;
        case DISCARDED -> State.DISCARDED;
      };
    }
    return State.DEAD;
  }

  /** How often it was redriven. */
  int redrives() {
    long told =
        actions()
            .filter(a -> a.kind() != Action.Kind.DISCARDED)
            .map(Action::record)
            .filter(Objects::nonNull)
            .distinct()
            .count();
    return Math.max((int) told, deaths().mapToInt(Death::redrive).max().orElse(0));
  }

  /** Its newest redrive, if there was one. */
  @Nullable Position redrivenTo() {
    return Stream.concat(
            actions().filter(a -> a.kind() != Action.Kind.DISCARDED).map(Action::record),
            deaths().filter(d -> d.redrive() > 0).map(Death::record))
        .filter(Objects::nonNull)
        .max(Comparator.comparingLong(Position::offset))
        .orElse(null);
  }

  /** What else there is to say of its end. */
  @Nullable String note() {
    return history.get(history.size() - 1) instanceof Action a && a.kind() == Action.Kind.SUPERSEDED
        ? Action.Kind.SUPERSEDED.text()
        : null;
  }

  /** What others may know of it; empty while no death of it is known. */
  Optional<DeadLetterIndex.Entry> entry() {
    return hasDied()
        ? Optional.of(
            new DeadLetterIndex.Entry(
                id.toString(),
                state(),
                lastDeath().record(),
                lastDeath().reason().code(),
                lastDeath().reason().message(),
                redrivenTo(),
                note()))
        : Optional.empty();
  }
}
