/** The chart, rendered in each mode and held against Kubernetes, the hub and what we want of it. */
@NullMarked
package io.qanat.chart;

import org.jspecify.annotations.NullMarked;
