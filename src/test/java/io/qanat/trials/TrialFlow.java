package io.qanat.trials;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A flow under trial: how its events are posted, and how its sink is read and broken. A flow joins
 * the trials that are not about one system by adding itself to {@link #all()}.
 */
interface TrialFlow {
  /** The flows under trial. */
  static List<TrialFlow> all() {
    return List.of(Contacts.FLOW, Locations.FLOW, Purchases.FLOW, FreeRecords.FLOW, Orders.FLOW);
  }

  /** Those that {@code -Dqanat.trials.flows=} names, or all. */
  static List<TrialFlow> chosen() {
    return chosen(System.getProperty("qanat.trials.flows", ""));
  }

  /**
   * The flows that are named, with commas between them; all, if none is.
   *
   * @throws IllegalArgumentException if there is no such flow: else it would pass for tried
   */
  static List<TrialFlow> chosen(String names) {
    List<String> named = names.isEmpty() ? List.of() : List.of(names.split(",", -1));
    List<String> known = all().stream().map(TrialFlow::name).toList();
    if (!known.containsAll(named)) {
      throw new IllegalArgumentException("Of %s only %s can be tried".formatted(named, known));
    }
    return all().stream().filter(flow -> named.isEmpty() || named.contains(flow.name())).toList();
  }

  /** Its name. */
  String name();

  /** The sink at its end that a trial breaks. */
  String sink();

  /** All its sinks: each event is settled for each of them. */
  default List<String> sinks() {
    return List.of(sink());
  }

  /** Its topic. */
  default String topic() {
    return "qanat." + name();
  }

  /** Where its sink's dead letters go. */
  default String deadLetters() {
    return deadLetters(sink());
  }

  /** Where the dead letters of one of its sinks go. */
  default String deadLetters(String sink) {
    return "dlq." + name() + "." + sink;
  }

  /** Its route to the sink, and the consumer group. */
  default String lane() {
    return lane(sink());
  }

  /** Its route to one of its sinks. */
  default String lane(String sink) {
    return name() + "-deliver-" + sink;
  }

  /** Its routes to all its sinks. */
  default List<String> lanes() {
    return sinks().stream().map(this::lane).toList();
  }

  /** Where events are posted. */
  String path();

  /** The status that answers a change that is accepted. */
  default int acceptedStatus() {
    return 202;
  }

  /** The type of its events. */
  String eventType();

  /** The key of the n-th thing of a ledger. */
  String key(String ledger, int n);

  /** A change that the sink takes; some text of it holds {@link Change#mark}. */
  String body(Change change, Random random);

  /** A change that the hub accepts and the sink refuses. */
  String refusedBody(Change change);

  /** The change that a record of its topic, or of its dead letters, is. */
  default Change change(ConsumerRecord<byte[], byte[]> record) {
    String value = record.value() == null ? "" : new String(record.value(), UTF_8);
    return new Change(KafkaView.key(record), Change.seqIn(value));
  }

  /** Whether it takes records without an envelope for events. */
  default boolean takesForeign() {
    return false;
  }

  /** Whether the sink keeps every change, as facts, instead of showing the last of each key. */
  default boolean keepsEveryChange() {
    return false;
  }

  /** How many rows a change becomes that is so many events, because it was posted again. */
  default int rows(Change change, int events) {
    return 1;
  }

  /** What the sink holds: the numbers of the changes of each key, one for each row. */
  Map<String, List<Integer>> stored(World world);

  /** Checks what must hold of a ledger beside what its sink shows, once all is settled. */
  default void check(World world, Ledger ledger) throws ExecutionException, InterruptedException {}

  /** Lets the sink answer that it is unavailable, from now on. */
  void refuseService(World world);

  /** Lets the sink refuse every row, from now on, so that it is dead-lettered; a few at a time. */
  void refuseRows(World world);

  /** Lets the sink's next write be done at once and answered late. */
  void answerLate(World world, Duration delay);

  /** Whether {@link #refuseService} or {@link #answerLate} has struck. */
  boolean struck(World world);

  /** How many writes the sink was asked for. */
  int calls(World world);

  /** How many rows were written, each as often as it was. */
  int written(World world);

  /** Lets the sink work again. */
  void recover(World world);

  /** Lets the sink work, empty, with all counts at nothing. */
  void reset(World world);
}
