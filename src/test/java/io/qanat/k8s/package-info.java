/** How the hub is deployed: what k8s/, terraform/ and the chart say, held against each other. */
@NullMarked
package io.qanat.k8s;

import org.jspecify.annotations.NullMarked;
