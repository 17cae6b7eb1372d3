package io.qanat.trials;

import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one seed of a run, of which all random choices come: {@code -Dqanat.trials.seed=<seed>}, or a
 * new one each time.
 */
final class Seed {
  /** The seed of this run. */
  static final long VALUE = Long.getLong("qanat.trials.seed", System.nanoTime() & 0xFFFF_FFFFL);

  private static final Logger LOG = LoggerFactory.getLogger(Seed.class);

  static {
    LOG.info("Seed {}: -Dqanat.trials.seed={} makes the same choices again", VALUE, VALUE);
  }

  private Seed() {}

  /** The choices of one chooser, the same for the same seed and name whatever else runs. */
  static Random random(String chooser) {
    return new Random(VALUE * 31 + chooser.hashCode());
  }
}
