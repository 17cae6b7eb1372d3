package io.qanat.deliver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qanat.kafka.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

/** The topic is a list here; {@code reads} counts how many of its records were looked at. */
class PartitionVersionsTest implements PartitionVersions.Log {
  private final List<ConsumerRecord<byte[], byte[]>> topic = new ArrayList<>();
  private long now;
  private int reads;
  private boolean refuseTheBeginning;
  private final PartitionVersions versions = new PartitionVersions(this, () -> now);

  @Override
  public long end() {
    return topic.size();
  }

  @Override
  public void read(long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    if (from == 0 && refuseTheBeginning) {
      refuseTheBeginning = false;
      throw new KafkaException("away");
    }
    for (long i = from; i < to; i++) {
      reads++;
      each.accept(topic.get((int) i));
    }
  }

  /** Another instance's batch. */
  private void written(long highest, Map<String, Long> keys) {
    keys.forEach(this::write);
    write("", highest);
  }

  private void write(String key, long offset) {
    topic.add(
        new ConsumerRecord<>(
            "versions",
            0,
            topic.size(),
            key.getBytes(UTF_8),
            Long.toString(offset).getBytes(UTF_8)));
  }

  private Map<Position, Long> delivered(Event... events) {
    if (versions.due()) {
      versions.look(end());
    }
    Map<Position, Long> delivered = new HashMap<>();
    versions.delivered(List.of(events), delivered);
    return delivered;
  }

  @Test
  void knowsNothingOfALaneThatDeliveredNothing() {
    assertThat(delivered(Polled.at(0, 5, "A"))).isEmpty();
    assertThat(reads).isZero();
  }

  @Test
  void tellsWhatWasDeliveredOfTheKeysOfOldEvents() {
    written(7, Map.of("A", 7L, "B", 3L));
    Event old = Polled.at(0, 5, "A");

    assertThat(delivered(old, Polled.at(0, 6, "B"), Polled.at(0, 4, "C")))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(old.position(), 7L, Polled.at(0, 6, "B").position(), 3L));
  }

  @Test
  void looksAtNoKeyForEventsThatAreNewerThanAll() {
    written(7, Map.of("A", 7L));
    delivered(Polled.at(0, 8, "A"));
    int once = reads;

    versions.raise(8);
    assertThat(delivered(Polled.at(0, 9, "A"), Polled.at(0, 10, "B"))).isEmpty();
    assertThat(reads).isEqualTo(once);
  }

  @Test
  void findsTheHighestAtTheEndOfALongTopic() {
    for (int i = 0; i < 5_000; i++) {
      write("K" + i, i);
    }
    written(4_999, Map.of());

    assertThat(delivered(Polled.at(0, 5_000, "K1"))).isEmpty();
    assertThat(reads).isLessThan(5_000);
    assertThat(delivered(Polled.at(0, 4_999, "K1"))).containsValue(1L);
  }

  @Test
  void takesTheKeysThemselvesWhereTheEndTellsNoHighest() {
    written(0, Map.of());
    for (int i = 0; i < 5_000; i++) {
      write("K" + i, i);
    }
    Event old = Polled.at(0, 4_998, "K4999");

    assertThat(delivered(old)).containsEntry(old.position(), 4_999L);
  }

  @Test
  void takesNothingForNewAfterAReadingThatFailed() {
    written(0, Map.of());
    for (int i = 0; i < 5_000; i++) {
      write("K" + i, i);
    }
    refuseTheBeginning = true;
    Event old = Polled.at(0, 4_998, "K4999");

    assertThatThrownBy(() -> delivered(old)).isInstanceOf(KafkaException.class);
    assertThat(delivered(old)).containsEntry(old.position(), 4_999L);
  }

  @Test
  void seesWithinSecondsWhatAnotherInstanceDelivered() {
    written(7, Map.of("A", 7L));
    delivered(Polled.at(0, 8, "A"));
    written(9, Map.of("A", 9L));

    now += Duration.ofSeconds(11).toNanos();

    Event stale = Polled.at(0, 8, "A");
    assertThat(delivered(stale)).containsEntry(stale.position(), 9L);
  }

  @Test
  void readsNothingOfWhatItHasWrittenItself() {
    written(7, Map.of("A", 7L));
    delivered(Polled.at(0, 8, "A"));
    int before = reads;
    versions.raise(8);
    written(8, Map.of("A", 8L));
    versions.wrote(2, 3, 2);
    now += Duration.ofSeconds(11).toNanos();

    assertThat(delivered(Polled.at(0, 9, "A"))).isEmpty();
    assertThat(reads).isEqualTo(before);
    Event old = Polled.at(0, 7, "A");
    assertThat(delivered(old)).containsEntry(old.position(), 8L);
  }

  @Test
  void looksAtOnceWhereAnotherInstanceWroteInBetween() {
    written(7, Map.of("A", 7L));
    delivered(Polled.at(0, 8, "A"));
    written(9, Map.of("B", 9L));
    versions.raise(8);
    written(8, Map.of("A", 8L));
    versions.wrote(4, 5, 2);

    Event stale = Polled.at(0, 8, "B");
    assertThat(delivered(stale)).containsEntry(stale.position(), 9L);
  }

  @Test
  void readsOnlyWhatIsNewWhileReplaysGoOn() {
    written(7, Map.of("A", 7L));
    delivered(Polled.at(0, 5, "A"));
    int before = reads;
    written(8, Map.of("B", 8L));

    Event old = Polled.at(0, 6, "B");
    assertThat(delivered(old))
        .as("B is not known to be higher yet")
        .containsEntry(old.position(), 8L);
    assertThat(reads - before).isEqualTo(2);
  }

  @Test
  void forgetsTheKeysOnceNobodyAsks() {
    written(7, Map.of("A", 7L));
    delivered(Polled.at(0, 5, "A"));
    now += Duration.ofMinutes(2).toNanos();
    delivered(Polled.at(0, 8, "A"));
    int before = reads;

    delivered(Polled.at(0, 5, "A"));

    assertThat(reads - before).as("read anew").isEqualTo(2);
  }
}
