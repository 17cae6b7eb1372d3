@NullMarked
package io.qanat.postgis;

import org.jspecify.annotations.NullMarked;
