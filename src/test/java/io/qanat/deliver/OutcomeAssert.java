package io.qanat.deliver;

import io.qanat.deliver.BatchOutcome.Unsettled;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/** Assertions by index of the event in its batch. */
public final class OutcomeAssert extends AbstractAssert<OutcomeAssert, BatchOutcome> {
  private OutcomeAssert(BatchOutcome outcome) {
    super(outcome, OutcomeAssert.class);
  }

  public static OutcomeAssert assertThat(BatchOutcome outcome) {
    return new OutcomeAssert(outcome);
  }

  public OutcomeAssert delivered(long... indexes) {
    Assertions.assertThat(actual.delivered())
        .extracting(event -> event.position().offset())
        .as("delivered; rejected %s, held %s", codes(actual.rejected()), codes(actual.held()))
        .containsExactlyElementsOf(Arrays.stream(indexes).boxed().toList());
    return this;
  }

  public OutcomeAssert superseded(long... indexes) {
    Assertions.assertThat(actual.superseded())
        .extracting(event -> event.position().offset())
        .as("superseded")
        .containsExactlyElementsOf(Arrays.stream(indexes).boxed().toList());
    return this;
  }

  public OutcomeAssert deliveredAllOf(List<Event> events) {
    Assertions.assertThat(actual.delivered()).isEqualTo(events);
    return rejectedNothing().heldNothing();
  }

  public OutcomeAssert rejected(long index, String code) {
    has(actual.rejected(), "rejected", index, code);
    return this;
  }

  public OutcomeAssert rejectedNothing() {
    Assertions.assertThat(codes(actual.rejected())).as("rejected").isEmpty();
    return this;
  }

  public OutcomeAssert held(long index, String code) {
    has(actual.held(), "held", index, code);
    return this;
  }

  public OutcomeAssert heldAll(int count, String code) {
    Assertions.assertThat(actual.held())
        .hasSize(count)
        .allMatch(held -> held.failure().code().equals(code));
    return delivered().rejectedNothing();
  }

  public OutcomeAssert heldNothing() {
    Assertions.assertThat(codes(actual.held())).as("held").isEmpty();
    return this;
  }

  private static void has(List<Unsettled> list, String name, long index, String code) {
    Assertions.assertThat(codes(list)).as(name).containsEntry(index, code);
  }

  private static Map<Long, String> codes(List<Unsettled> list) {
    Map<Long, String> codes = new TreeMap<>();
    list.forEach(u -> codes.put(u.event().position().offset(), u.failure().code()));
    return codes;
  }
}
