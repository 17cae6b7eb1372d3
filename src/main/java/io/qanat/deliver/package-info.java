/**
 * Takes batches of events from Kafka to a sink and settles every record before its offset is
 * committed.
 */
@NullMarked
package io.qanat.deliver;

import org.jspecify.annotations.NullMarked;
