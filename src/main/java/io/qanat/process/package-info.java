/** Delivers events to a route, one at a time: where something must be asked or done for each. */
@NullMarked
package io.qanat.process;

import org.jspecify.annotations.NullMarked;
