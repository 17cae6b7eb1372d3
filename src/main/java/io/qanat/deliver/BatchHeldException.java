package io.qanat.deliver;

/**
 * Fails a batch of which a part could not be settled in time, so that Kafka hands that part out
 * again.
 */
public class BatchHeldException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BatchHeldException(String message) {
    super(message, null, false, false);
  }
}
