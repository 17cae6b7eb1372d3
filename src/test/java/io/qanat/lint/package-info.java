/**
 * The conventions of this house as a program: reads routes, kamelets and contracts the way Camel
 * does and names every place where one breaks a convention.
 */
@NullMarked
package io.qanat.lint;

import org.jspecify.annotations.NullMarked;
