/** The hub itself: what is started, and its configuration. */
@NullMarked
package io.qanat;

import org.jspecify.annotations.NullMarked;
