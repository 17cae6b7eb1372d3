/**
 * What Camel does, where the hub depends on it or is built around it. A defect that an upgrade
 * mends fails a test here, which tells what has become needless.
 */
@NullMarked
package io.qanat.camel;

import org.jspecify.annotations.NullMarked;
