package io.qanat.accept;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The bounds of the edge.
 *
 * @param maxBodySize the largest request body; more answers 413
 * @param maxBodiesInMemory how much all bodies at hand may hold together; more answers 503
 * @param maxInFlight how many requests may be worked on at once; more answers 503
 * @param bodyTimeout how long a caller may take to send its body; longer answers 408
 * @param maxWait how long a caller may have its answer held with {@code Prefer: wait}
 * @param maxWaiting how many callers may have theirs held at once; more are answered 202 at once
 * @param retryAfter what {@code Retry-After} tells a caller to wait
 * @param callerHeader the header in which a gateway names the caller that it has authenticated, so
 *     that callers' idempotency keys are kept apart; none means that all callers are one
 */
@ConfigurationProperties("qanat.accept")
public record AcceptProperties(
    @DefaultValue("1MB") DataSize maxBodySize,
    @DefaultValue("64MB") DataSize maxBodiesInMemory,
    @DefaultValue("512") int maxInFlight,
    @DefaultValue("10s") Duration bodyTimeout,
    @DefaultValue("30s") Duration maxWait,
    @DefaultValue("64") int maxWaiting,
    @DefaultValue("2s") Duration retryAfter,
    @DefaultValue("") String callerHeader) {}
