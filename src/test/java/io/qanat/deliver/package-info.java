@NullMarked
package io.qanat.deliver;

import org.jspecify.annotations.NullMarked;
