/** Tells callers what became of their events, at the cost of no write per event. */
@NullMarked
package io.qanat.receipt;

import org.jspecify.annotations.NullMarked;
