/**
 * Measures the hub: accepting beside a hand-written endpoint, delivering into the stand-in and into
 * PostgreSQL. Run by {@code ./mvnw -Pbench verify}.
 */
@NullMarked
package io.qanat.bench;

import org.jspecify.annotations.NullMarked;
