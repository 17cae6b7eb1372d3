/** Tests of the flags. */
@NullMarked
package io.qanat.flags;

import org.jspecify.annotations.NullMarked;
