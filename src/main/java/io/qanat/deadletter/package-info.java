/** Dead letters after their death: where they are browsed, redriven and discarded. */
@NullMarked
package io.qanat.deadletter;

import org.jspecify.annotations.NullMarked;
