@NullMarked
package io.qanat.process;

import org.jspecify.annotations.NullMarked;
