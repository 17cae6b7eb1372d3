package io.qanat.trials;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.mongodb.client.model.Filters;
import io.qanat.trials.MongoWire.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.bson.BsonDocument;

/**
 * A flow on its way to the collection of its name in MongoDB. What is the same of all of them
 * stands here: how they are read, broken and counted.
 */
abstract class MongoFlow implements TrialFlow {
  /** More digits than MongoDB's numbers have. */
  private static final String TOO_LONG = "0." + "1".repeat(40);

  private final String name;
  private final Pattern keyIn;

  /**
   * A flow.
   *
   * @param key the field of its events that holds the key of a change, as a text
   */
  MongoFlow(String name, String key) {
    this.name = name;
    keyIn = Pattern.compile("\"%s\": ?\"([^\"]*)\"".formatted(key));
  }

  /** The flows of this kind of those that are to be tried; there may be none. */
  static List<MongoFlow> chosen() {
    return TrialFlow.chosen().stream()
        .filter(MongoFlow.class::isInstance)
        .map(MongoFlow.class::cast)
        .toList();
  }

  /** A change whose number is this, in JSON. */
  abstract String body(Change change, String number);

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String sink() {
    return "mongodb";
  }

  @Override
  public String key(String ledger, int n) {
    return ledger + "-" + n;
  }

  @Override
  public String body(Change change, Random random) {
    return body(change, change.seq() + ".5");
  }

  @Override
  public String refusedBody(Change change) {
    return body(change, TOO_LONG);
  }

  @Override
  public Change change(ConsumerRecord<byte[], byte[]> record) {
    return change(record.value() == null ? "" : new String(record.value(), UTF_8));
  }

  private Change change(String json) {
    Matcher key = keyIn.matcher(json);
    return new Change(key.find() ? key.group(1) : "", Change.seqIn(json));
  }

  @Override
  public boolean keepsEveryChange() {
    return true;
  }

  @Override
  public Map<String, List<Integer>> stored(World world) {
    Map<String, List<Integer>> stored = new HashMap<>();
    for (BsonDocument document : world.mongoDb().collection(name).find()) {
      Change change = change(document.toJson());
      stored.computeIfAbsent(change.key(), k -> new ArrayList<>()).add(change.seq());
    }
    return stored;
  }

  @Override
  public void refuseService(World world) {
    world.mongoDbWire().fault(name, Fault.NOT_PRIMARY);
  }

  @Override
  public void refuseRows(World world) {
    world.mongoDbWire().fault(name, Fault.REFUSED);
  }

  @Override
  public void answerLate(World world, Duration delay) {
    world.mongoDbWire().late(name, delay);
  }

  @Override
  public boolean struck(World world) {
    return world.mongoDbWire().strikes(name) > 0;
  }

  @Override
  public int calls(World world) {
    return world.mongoDbWire().calls(name);
  }

  @Override
  public int written(World world) {
    return world.mongoDbWire().written(name);
  }

  @Override
  public void recover(World world) {
    world.mongoDbWire().recover(name);
  }

  @Override
  public void reset(World world) {
    // The hub makes the indexes once, so they stay.
    world.mongoDb().collection(name).deleteMany(Filters.empty());
    world.mongoDbWire().reset(name);
  }

  @Override
  public String toString() {
    return name;
  }
}
