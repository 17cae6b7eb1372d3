package io.qanat.sandbox.salesforce;

import java.time.Clock;

/** What the sandbox's org is made of. */
record Org(
    Store store,
    Saver saver,
    RowLocks locks,
    Tokens tokens,
    Metering metering,
    Stats stats,
    Faults faults) {

  static Org create(Clock clock) {
    Store store = new Store(new Schema(), clock);
    return new Org(
        store,
        new Saver(store),
        new RowLocks(),
        new Tokens(clock),
        new Metering(clock),
        new Stats(),
        new Faults());
  }

  Transaction begin(Call call) {
    return new Transaction(store, locks, stats, call.rowLock());
  }
}
