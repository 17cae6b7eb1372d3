/** Tests of what comes from outside the home. */
@NullMarked
package io.qanat.overlay;

import org.jspecify.annotations.NullMarked;
