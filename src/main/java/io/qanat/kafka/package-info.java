/** Kafka beside Camel: where records stand, how far the lanes have come, and single records. */
@NullMarked
package io.qanat.kafka;

import org.jspecify.annotations.NullMarked;
