@NullMarked
package io.qanat.kafka;

import org.jspecify.annotations.NullMarked;
