package io.qanat.trials;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Contacts on their way to Salesforce; every fourth is known by its e-mail address only. */
final class Contacts implements TrialFlow {
  /** The flow. */
  static final Contacts FLOW = new Contacts();

  private static final String TOO_LONG = "C".repeat(41);

  private static final String WRITES = "\"path\":\"composite/sobjects\"";

  private Contacts() {}

  @Override
  public String name() {
    return "contacts";
  }

  @Override
  public String sink() {
    return "salesforce";
  }

  @Override
  public String path() {
    return "/contacts";
  }

  @Override
  public String eventType() {
    return "contact.upserted";
  }

  @Override
  public String key(String ledger, int n) {
    return ledger + "-" + n + (n % 4 == 3 ? Ledger.MAIL : "");
  }

  @Override
  public String body(Change change, Random random) {
    return body(
        change,
        "\"firstName\":\"%s\",\"lastName\":\"Lovelace\",\"phone\":\"%d\""
            .formatted(Ledger.PRIVATE, random.nextInt(1_000_000)));
  }

  @Override
  public String refusedBody(Change change) {
    // No later change of the contact has a city, which would make this one's good again.
    return body(
        change,
        "\"firstName\":\"%s\",\"lastName\":\"Lovelace\",\"mailingAddress\":{\"city\":\"%s\"}"
            .formatted(Ledger.PRIVATE, TOO_LONG));
  }

  /** A contact with other fields, as JSON members. */
  static String body(Change change, String fields) {
    return "{\"%s\":\"%s\",%s,\"title\":\"%s\"}"
        .formatted(
            change.key().endsWith(Ledger.MAIL) ? "email" : "externalId",
            change.key(),
            fields,
            Change.mark(change.seq()));
  }

  @Override
  public Map<String, List<Integer>> stored(World world) {
    return world.salesforce().contacts();
  }

  @Override
  public void refuseService(World world) {
    world.salesforce().fault("{%s,\"kind\":\"unavailable\"}".formatted(WRITES));
  }

  @Override
  public void refuseRows(World world) {
    world
        .salesforce()
        .fault(
            ("{%s,\"kind\":\"status\",\"status\":400,"
                    + "\"errorCode\":\"FIELD_CUSTOM_VALIDATION_EXCEPTION\"}")
                .formatted(WRITES));
  }

  @Override
  public void answerLate(World world, Duration delay) {
    world
        .salesforce()
        .fault(
            "{%s,\"kind\":\"delay\",\"delayMs\":%d,\"times\":1}"
                .formatted(WRITES, delay.toMillis()));
  }

  @Override
  public boolean struck(World world) {
    return world.salesforce().strikes() > 0;
  }

  @Override
  public int calls(World world) {
    return world.salesforce().writeCalls();
  }

  @Override
  public int written(World world) {
    return world.salesforce().recordsWritten();
  }

  @Override
  public void recover(World world) {
    world.salesforce().calmDown();
  }

  @Override
  public void reset(World world) {
    world.salesforce().reset();
  }

  @Override
  public String toString() {
    return name();
  }
}
