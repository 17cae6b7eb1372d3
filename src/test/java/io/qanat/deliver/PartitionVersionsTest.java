package io.qanat.deliver;

import static io.qanat.deliver.PartitionVersions.CAME_BEFORE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qanat.kafka.Position;
import io.qanat.kafka.Redrive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The topic is a list here; {@code reads} counts how many of its records were looked at. */
class PartitionVersionsTest implements PartitionVersions.Log {
  private final List<ConsumerRecord<byte[], byte[]>> topic = new ArrayList<>();
  private long now;
  private int reads;
  private boolean away;
  private final PartitionVersions versions = new PartitionVersions(this, () -> now);
  private final PartitionVersions other = new PartitionVersions(this, () -> now);

  @Override
  public void read(long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    if (away) {
      away = false;
      throw new KafkaException("away");
    }
    for (long i = from; i < to; i++) {
      reads++;
      each.accept(topic.get((int) i));
    }
  }

  /** Writes what an instance wants to be written, and tells it. */
  private void write(PartitionVersions instance, Map<String, ? extends @Nullable String> changed) {
    long first = topic.size();
    changed.forEach(
        (key, value) ->
            topic.add(
                new ConsumerRecord<>(
                    "versions",
                    0,
                    topic.size(),
                    key.getBytes(UTF_8),
                    value == null ? null : value.getBytes(UTF_8))));
    if (!changed.isEmpty()) {
      instance.wrote(first, topic.size() - 1L, changed.size());
    }
  }

  private Map<Position, Long> delivered(PartitionVersions instance, Event... events) {
    if (instance.due()) {
      instance.look(topic.size());
    }
    Map<Position, Long> delivered = new HashMap<>();
    instance.delivered(List.of(events), delivered);
    return delivered;
  }

  private Map<Position, Long> delivered(Event... events) {
    return delivered(versions, events);
  }

  private void died(String key) {
    write(versions, versions.remember(Set.of(key), List.of(), Set.of()));
  }

  private void delivers(Event... events) {
    write(versions, versions.remember(Set.of(), List.of(events), Set.of()));
  }

  private void settled(long upTo) {
    write(versions, versions.settled(upTo));
  }

  private void later() {
    now += Duration.ofSeconds(11).toNanos();
  }

  private static Event redriven(long offset, String key, long original) {
    Event e = Polled.at(0, offset, key);
    return new Event(
        e.position(),
        e.key(),
        e.id(),
        e.type(),
        e.time(),
        e.data(),
        new Redrive("salesforce", new Position(Polled.TOPIC, 0, original), 1),
        null);
  }

  @Test
  void knowsNothingOfALaneThatDeliveredNothing() {
    assertThat(delivered(Polled.at(0, 5, "A"))).isEmpty();
    assertThat(reads).isZero();
  }

  @Test
  void takesForOldWhatStandsBeforeWhatIsSettled() {
    delivered();
    settled(8);

    Event replayed = Polled.at(0, 7, "A");
    assertThat(delivered(replayed, Polled.at(0, 8, "A")))
        .containsExactlyEntriesOf(Map.of(replayed.position(), CAME_BEFORE));
  }

  @Test
  void neverUnsettlesWhileAReplayIsCommitted() {
    delivered();
    settled(8);
    settled(3);

    assertThat(topic).hasSize(1);
    assertThat(delivered(Polled.at(0, 7, "A"))).hasSize(1);
  }

  @Test
  void writesNothingOfKeysOfWhichNothingDied() {
    delivered();
    delivers(Polled.at(0, 5, "A"), Polled.at(0, 6, "B"));

    assertThat(topic).isEmpty();
  }

  @Test
  void tellsWhatWasDeliveredOfAKeySinceItDied() {
    delivered();
    died("A");
    Event again = redriven(9, "A", 3);
    assertThat(delivered(again)).as("nothing yet").containsEntry(again.position(), -1L);

    delivers(Polled.at(0, 6, "A"));
    settled(9);
    assertThat(delivered(again)).containsEntry(again.position(), 6L);

    delivers(redriven(9, "A", 3));
    assertThat(delivered(again)).as("older, delivered late").containsEntry(again.position(), 6L);
  }

  @Test
  void keepsBackARedrivenEventOfAKeyOfWhichNothingDied() {
    Event forged = redriven(9, "A", 3);

    assertThat(delivered(forged)).containsEntry(forged.position(), CAME_BEFORE);
  }

  @Test
  void remembersWhatWasDeliveredBeforeItsTurnUntilAllBeforeItIsSettled() {
    delivered();
    Event early = Polled.at(0, 6, "A");
    write(versions, versions.remember(Set.of(), List.of(early), Set.of(early)));
    settled(5);
    assertThat(delivered(early)).containsEntry(early.position(), 6L);
    assertThat(delivered(other, early)).containsEntry(early.position(), 6L);

    settled(7);
    Event next = Polled.at(0, 7, "A");
    assertThat(topic.get(topic.size() - 1).value()).as("its tombstone").isNull();
    assertThat(delivered(next)).isEmpty();
    later();
    assertThat(delivered(other, next)).isEmpty();
  }

  @Test
  void remembersOfAKeyThatDiesWhatWasDeliveredBeforeItsTurn() {
    delivered();
    Event early = Polled.at(0, 6, "A");
    write(versions, versions.remember(Set.of(), List.of(early), Set.of(early)));
    died("A");
    settled(9);

    Event again = redriven(9, "A", 3);
    assertThat(delivered(again)).containsEntry(again.position(), 6L);
    assertThat(delivered(other, again)).containsEntry(again.position(), 6L);
  }

  @Test
  void learnsWhatAnotherInstanceDeliveredEarlyOfAKeyThatDied() {
    delivered(other);
    died("A");
    write(other, Map.of("A", "ahead 7"));
    later();

    Event again = redriven(9, "A", 3);
    assertThat(delivered(again)).containsEntry(again.position(), 7L);
  }

  @Test
  void takesNothingForNewAfterAReadingThatFailed() {
    delivered(other);
    write(other, other.settled(8));
    away = true;
    Event replayed = Polled.at(0, 7, "A");

    assertThatThrownBy(() -> delivered(replayed)).isInstanceOf(KafkaException.class);
    assertThat(delivered(replayed)).containsEntry(replayed.position(), CAME_BEFORE);
  }

  @Test
  void seesWithinSecondsWhatAnotherInstanceDelivered() {
    delivered();
    delivered(other);
    write(other, other.remember(Set.of("A"), List.of(Polled.at(0, 6, "A")), Set.of()));
    later();

    Event again = redriven(9, "A", 3);
    assertThat(delivered(again)).containsEntry(again.position(), 6L);
  }

  @Test
  void readsNothingOfWhatItHasWrittenItself() {
    delivered();
    died("A");
    settled(4);
    later();

    assertThat(delivered(redriven(9, "A", 3))).hasSize(1);
    assertThat(reads).isZero();
  }

  @Test
  void looksAtOnceWhereAnotherInstanceWroteInBetween() {
    delivered();
    delivered(other);
    write(other, other.remember(Set.of("B"), List.of(), Set.of()));
    died("A");

    Event again = redriven(9, "B", 3);
    assertThat(delivered(again)).containsEntry(again.position(), -1L);
  }

  @Test
  void readsALongTopicToItsEnd() {
    for (int i = 0; i < 120_000; i++) {
      write(other, Map.of("K" + i, "dead " + i));
    }

    Event last = redriven(130_000, "K119999", 3);
    assertThat(delivered(last)).containsEntry(last.position(), 119_999L);
  }
}
