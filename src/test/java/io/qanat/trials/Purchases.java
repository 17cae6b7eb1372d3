package io.qanat.trials;

/**
 * Purchases on their way to MongoDB. Every second has no time of its own, so that it is told from
 * others by its event alone.
 */
final class Purchases extends MongoFlow {
  /** The flow. */
  static final Purchases FLOW = new Purchases();

  private static final String BOUGHT = ",\"timestamp\":\"2026-10-05T10:00:00Z\"";

  private Purchases() {
    super("purchases", "userid");
  }

  @Override
  public String path() {
    return "/buy";
  }

  @Override
  public int acceptedStatus() {
    return 200;
  }

  @Override
  public String eventType() {
    return "purchase.made";
  }

  @Override
  public boolean takesForeign() {
    return true;
  }

  @Override
  String body(Change change, String number) {
    return "{\"username\":\"%s %s\",\"userid\":\"%s\",\"price\":%s%s}"
        .formatted(
            Ledger.PRIVATE,
            Change.mark(change.seq()),
            change.key(),
            number,
            isTimed(change) ? BOUGHT : "");
  }

  private static boolean isTimed(Change change) {
    return change.seq() % 2 == 0;
  }

  @Override
  public int rows(Change change, int events) {
    return isTimed(change) ? 1 : events;
  }
}
