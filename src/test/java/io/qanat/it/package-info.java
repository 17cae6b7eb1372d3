/** The hub against real servers. */
@NullMarked
package io.qanat.it;

import org.jspecify.annotations.NullMarked;
