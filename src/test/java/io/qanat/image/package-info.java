/** What the image's build runs, and what is checked of the image without Docker. */
@NullMarked
package io.qanat.image;

import org.jspecify.annotations.NullMarked;
