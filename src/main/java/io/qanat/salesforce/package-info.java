/**
 * Writes events to Salesforce in as few calls as it can, and reads what became of every single row.
 */
@NullMarked
package io.qanat.salesforce;

import org.jspecify.annotations.NullMarked;
