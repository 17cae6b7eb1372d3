/** Routes and kamelets from outside the home, and those that change while the hub runs. */
@NullMarked
package io.qanat.overlay;

import org.jspecify.annotations.NullMarked;
