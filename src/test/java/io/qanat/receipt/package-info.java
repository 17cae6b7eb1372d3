@NullMarked
package io.qanat.receipt;

import org.jspecify.annotations.NullMarked;
