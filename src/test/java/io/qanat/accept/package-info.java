/** Tests of the edge. */
@NullMarked
package io.qanat.accept;

import org.jspecify.annotations.NullMarked;
