/** Shows operators how the flows are. */
@NullMarked
package io.qanat.observe;

import org.jspecify.annotations.NullMarked;
