@NullMarked
package io.qanat.query;

import org.jspecify.annotations.NullMarked;
