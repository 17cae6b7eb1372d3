/**
 * The honest edge: guards and validates a request, and answers 2xx only once its event is on Kafka.
 */
@NullMarked
package io.qanat.accept;

import org.jspecify.annotations.NullMarked;
