package io.qanat.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The names of the record headers that the hub writes beside the CloudEvents attributes. */
public final class HubHeaders {
  /** Begins the headers that tell why a dead letter died (after KIP-1191). */
  public static final String ERRORS = "__dlq.errors.";

  /**
   * Is there if a dead letter lacks what its record holds, because that is too large: the record's
   * {@link RecordDigest}.
   */
  public static final String ABRIDGED = ERRORS + "abridged";

  /** The caller's Idempotency-Key, a CloudEvents extension; only there if the caller gave one. */
  public static final String IDEMPOTENCY_KEY = "ce_idempotencykey";

  /** Which sink alone a redriven record is for. */
  public static final String REDRIVE_SINK = "qanat_redrive_sink";

  /** The receipt of the record that a redriven one stands for; it tells the event's order. */
  public static final String REDRIVE_OF = "qanat_redrive_of";

  /** How often the event has been redriven, this time included. */
  public static final String REDRIVE_COUNT = "qanat_redrive_count";

  private HubHeaders() {}

  /** A header as text; null if it is not there or empty. */
  public static @Nullable String text(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null || header.value().length == 0
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** Sets a header to a text, whatever it was before. */
  public static void set(Headers headers, String name, String text) {
    headers.remove(name).add(name, text.getBytes(StandardCharsets.UTF_8));
  }
}
