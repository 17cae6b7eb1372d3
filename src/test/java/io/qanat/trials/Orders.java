package io.qanat.trials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.kafka.HubHeaders;
import io.qanat.kafka.Position;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * Orders on their way to MongoDB, and to a provider that is asked for the payment of each. Every
 * second is declined. What the provider says stays on its topic: the flow that tells it to MongoDB
 * is not under trial here.
 */
final class Orders extends MongoFlow {
  /** The flow. */
  static final Orders FLOW = new Orders();

  /** Where the answers of the payment provider go. */
  static final String PAYMENTS = "qanat.payments";

  private static final String LANE = "payments";
  private static final String PAID = "\"productId\":\"1\"";

  private Orders() {
    super("orders", "userId");
  }

  @Override
  public List<String> sinks() {
    return List.of(sink(), LANE);
  }

  @Override
  public String path() {
    return "/orders";
  }

  @Override
  public int acceptedStatus() {
    return 201;
  }

  @Override
  public String eventType() {
    return "order.placed";
  }

  @Override
  String body(Change change, String number) {
    return "{\"userId\":\"%s\",\"productId\":\"%d\",\"productName\":\"%s %s\",\"totalOrderAmount\":%s}"
        .formatted(
            change.key(), 1 + change.seq() % 2, Ledger.PRIVATE, Change.mark(change.seq()), number);
  }

  @Override
  public int rows(Change change, int events) {
    return events;
  }

  /**
   * The payment of each order is asked for, once: under the order's own id there is one answer, and
   * under another id there is none. An order is dead to the provider only where it is dead to
   * MongoDB too.
   */
  @Override
  public void check(World world, Ledger ledger) throws ExecutionException, InterruptedException {
    Set<Position> unpaid = deaths(world, LANE);
    Set<Position> unkept = deaths(world, sink());
    Set<String> known = new HashSet<>();
    Map<String, Set<String>> due = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> order : world.kafka().read(topic())) {
      known.add(KafkaView.header(order, "ce_id"));
      if (!ledger.owns(order) || order.headers().lastHeader(HubHeaders.REDRIVE_OF) != null) {
        continue;
      }
      Position at = new Position(order.topic(), order.partition(), order.offset());
      if (!unpaid.contains(at)) {
        String answer =
            new String(order.value(), UTF_8).contains(PAID)
                ? "payment.succeeded"
                : "payment.declined";
        due.computeIfAbsent(KafkaView.header(order, "ce_id"), id -> new HashSet<>()).add(answer);
      } else {
        assertThat(unkept).as("dead to the provider, so to MongoDB").contains(at);
      }
    }
    Map<String, Set<String>> answers = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> payment : world.kafka().read(PAYMENTS)) {
      String id = KafkaView.header(payment, "ce_id");
      assertThat(KafkaView.key(payment)).as("the key of a payment").isEqualTo(id);
      answers.computeIfAbsent(id, i -> new HashSet<>()).add(KafkaView.header(payment, "ce_type"));
    }
    assertThat(due.values()).as("answers to ask for").allMatch(one -> one.size() == 1);
    assertThat(known).as("payments of no order").containsAll(answers.keySet());
    answers.keySet().retainAll(due.keySet());
    assertThat(answers).as("what became of the payments").isEqualTo(due);
    assertThat(kept(world, ledger)).as("orders that are not paid").isSubsetOf(due.keySet());
  }

  private Set<Position> deaths(World world, String sink)
      throws ExecutionException, InterruptedException {
    Set<Position> deaths = new HashSet<>();
    for (var letter : world.kafka().read(deadLetters(sink))) {
      deaths.add(KafkaView.diedAt(letter));
    }
    return deaths;
  }

  /** The ids of a ledger's orders in MongoDB. */
  private Set<String> kept(World world, Ledger ledger) {
    Set<String> kept = new HashSet<>();
    for (BsonDocument order : world.mongoDb().collection(name()).find()) {
      if (ledger.owns(order.getString("userId", new BsonString("")).getValue())) {
        kept.add(order.getString("_id").getValue());
      }
    }
    return kept;
  }
}
