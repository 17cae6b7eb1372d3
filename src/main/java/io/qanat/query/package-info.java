/** Answers requests from what a flow keeps in a database. */
@NullMarked
package io.qanat.query;

import org.jspecify.annotations.NullMarked;
