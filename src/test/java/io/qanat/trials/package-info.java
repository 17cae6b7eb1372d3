/**
 * Faults against the packaged hub: real processes are killed, frozen and cut off, and afterwards
 * every accepted event must be found where it belongs.
 */
@NullMarked
package io.qanat.trials;

import org.jspecify.annotations.NullMarked;
