/** Tests of the hub as a whole. */
@NullMarked
package io.qanat;

import org.jspecify.annotations.NullMarked;
