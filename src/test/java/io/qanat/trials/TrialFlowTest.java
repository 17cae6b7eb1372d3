package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TrialFlowTest {
  @Test
  void takesTheFlowsThatAreNamed() {
    assertThat(TrialFlow.chosen("purchases,contacts"))
        .containsExactly(Contacts.FLOW, Purchases.FLOW);
    assertThat(TrialFlow.chosen("")).isEqualTo(TrialFlow.all());
  }

  @Test
  void refusesAFlowThatThereIsNot() {
    assertThatThrownBy(() -> TrialFlow.chosen("contacts,recrods"))
        .hasMessage(
            "Of [contacts, recrods] only [contacts, locations, purchases, records, orders] can be"
                + " tried");
  }
}
