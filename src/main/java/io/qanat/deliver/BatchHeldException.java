package io.qanat.deliver;

/**
 * Fails a batch of which a part could not be settled in time, so that Kafka hands that part out
 * again.
 */
public class BatchHeldException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BatchHeldException(int events, String flow, String sink) {
    super("%d events of %s are held for %s".formatted(events, flow, sink), null, false, false);
  }
}
