/**
 * The gRPC edge: the services that flows declare in their {@code .proto} files, on one port, with
 * the same promises and problems as over REST.
 */
@NullMarked
package io.qanat.grpc;

import org.jspecify.annotations.NullMarked;
