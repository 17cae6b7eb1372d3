/** Feature flags: what a route may branch on, decided outside of it. */
@NullMarked
package io.qanat.flags;

import org.jspecify.annotations.NullMarked;
