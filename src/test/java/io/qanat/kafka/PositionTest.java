package io.qanat.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {
  @ParameterizedTest
  @CsvSource({
    "contacts-0-0,contacts,0,0",
    "contacts-11-999999999999999999,contacts,11,999999999999999999",
    "big-orders-2-1-3,big-orders-2,1,3"
  })
  void isReadFromTheReceiptThatItGave(String receipt, String flow, int partition, long offset) {
    Position position = Position.ofFlow(flow, partition, offset);

    assertThat(position.receipt()).isEqualTo(receipt);
    assertThat(Position.parse(receipt)).contains(position);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "contacts",
        "contacts-1",
        "contacts-1-",
        "contacts--1-2",
        "contacts-1-2x",
        " contacts-1-2",
        "contacts-1-2\n",
        "Contacts-1-2",
        "../x-1-2",
        "contacts-1-1e3",
        "contacts-١-٢",
        "contacts-9999999999-1",
        "contacts-1-9999999999999999999",
        "contacts-01-2",
        "contacts-1-02"
      })
  void isNotReadFromAnythingElse(String text) {
    assertThat(Position.parse(text)).isEmpty();
  }
}
