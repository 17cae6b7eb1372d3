@NullMarked
package io.qanat.grpc;

import org.jspecify.annotations.NullMarked;
