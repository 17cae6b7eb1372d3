package io.qanat.mongodb;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How Idempotency-Keys are kept.
 *
 * @param window how long a key is remembered after its event was first delivered
 */
@ConfigurationProperties("qanat.deliver.idempotency")
record IdempotencyProperties(@DefaultValue("7d") Duration window) {}
