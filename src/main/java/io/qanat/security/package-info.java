/** Who may operate the hub. */
@NullMarked
package io.qanat.security;

import org.jspecify.annotations.NullMarked;
