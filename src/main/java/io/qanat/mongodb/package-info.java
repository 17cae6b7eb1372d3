/** The hub's MongoDB: where dead letters are browsed and idempotency keys are kept. */
@NullMarked
package io.qanat.mongodb;

import org.jspecify.annotations.NullMarked;
