/** Tests of what operators see and steer. */
@NullMarked
package io.qanat.observe;

import org.jspecify.annotations.NullMarked;
