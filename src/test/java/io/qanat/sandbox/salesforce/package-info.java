/** Speaks enough of the Salesforce REST API on loopback for real clients to work against it. */
@NullMarked
package io.qanat.sandbox.salesforce;

import org.jspecify.annotations.NullMarked;
