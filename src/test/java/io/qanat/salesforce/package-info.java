@NullMarked
package io.qanat.salesforce;

import org.jspecify.annotations.NullMarked;
