package io.qanat.trials;

import io.qanat.trials.Entry.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToIntBiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The figures of one trial: printed when it ends, and appended to {@code target/trials/summary.md}.
 */
final class Summary {
  private static final Logger LOG = LoggerFactory.getLogger(Summary.class);
  private static final Path FILE = Path.of("target", "trials", "summary.md");
  private static final String HEAD =
      """
      | trial | seed | accepted | unknown | refused | delivered | dead | duplicates | lost | s |
      |---|---|---|---|---|---|---|---|---|---|
      """;

  private final String trial;
  private final long begin = System.nanoTime();
  private final Map<Ledger, @Nullable Balance> ledgers = new LinkedHashMap<>();

  Summary(String trial) {
    this.trial = trial;
  }

  /** A new run forgets the figures of the one before. */
  static void clear() {
    try {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, HEAD);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a ledger, of which there is no balance yet. */
  void add(Ledger ledger) {
    ledgers.put(ledger, null);
  }

  /** Takes the balance of a ledger. */
  void take(Ledger ledger, Balance balance) {
    ledgers.put(ledger, balance);
  }

  /** Prints the row and appends it. */
  void print(boolean failed) {
    String row =
        "| %s%s | %d | %d | %d | %d | %d | %d | %d | %d | %d |%n"
            .formatted(
                trial,
                failed ? " **FAILED**" : "",
                Seed.VALUE,
                sum((ledger, balance) -> ledger.changes(Outcome.OK).size()),
                sum((ledger, balance) -> ledger.changes(Outcome.UNKNOWN).size()),
                sum((ledger, balance) -> ledger.changes(Outcome.FAIL).size()),
                sum((ledger, balance) -> balance == null ? 0 : balance.delivered().size()),
                sum((ledger, balance) -> balance == null ? 0 : balance.dead().size()),
                sum((ledger, balance) -> balance == null ? 0 : balance.duplicates().size()),
                sum((ledger, balance) -> balance == null ? 0 : balance.lost().size()),
                Duration.ofNanos(System.nanoTime() - begin).toSeconds());
    LOG.info("\n{}{}", HEAD, row);
    try {
      Files.writeString(FILE, row, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int sum(ToIntBiFunction<Ledger, @Nullable Balance> figure) {
    return ledgers.entrySet().stream()
        .mapToInt(e -> figure.applyAsInt(e.getKey(), e.getValue()))
        .sum();
  }
}
