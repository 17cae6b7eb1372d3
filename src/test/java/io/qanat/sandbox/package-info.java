/**
 * The servers that the hub talks to, on this machine: for a newcomer's first run, for integration
 * tests and for fault trials.
 */
@NullMarked
package io.qanat.sandbox;

import org.jspecify.annotations.NullMarked;
