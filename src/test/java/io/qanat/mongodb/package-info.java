@NullMarked
package io.qanat.mongodb;

import org.jspecify.annotations.NullMarked;
