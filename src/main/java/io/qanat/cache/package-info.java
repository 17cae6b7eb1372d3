/** Keeps answers that do not change, so that they need not be asked for again. */
@NullMarked
package io.qanat.cache;

import org.jspecify.annotations.NullMarked;
