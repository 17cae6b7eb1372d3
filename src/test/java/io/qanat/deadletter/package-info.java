@NullMarked
package io.qanat.deadletter;

import org.jspecify.annotations.NullMarked;
