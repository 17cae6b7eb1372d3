/** Tests of the caches. */
@NullMarked
package io.qanat.cache;

import org.jspecify.annotations.NullMarked;
