package io.qanat.trials;

/** Records of any form on their way to MongoDB: each event is a document. */
final class FreeRecords extends MongoFlow {
  /** The flow. */
  static final FreeRecords FLOW = new FreeRecords();

  private FreeRecords() {
    super("records", "kind");
  }

  @Override
  public String path() {
    return "/data";
  }

  @Override
  public String eventType() {
    return "record.added";
  }

  @Override
  String body(Change change, String number) {
    return "{\"kind\":\"%s\",\"note\":\"%s %s\",\"n\":%s,\"$where\":\"1==1\",\"a.b\":{\"$gt\":\"\"}}"
        .formatted(change.key(), Ledger.PRIVATE, Change.mark(change.seq()), number);
  }

  @Override
  public int rows(Change change, int events) {
    return events;
  }
}
