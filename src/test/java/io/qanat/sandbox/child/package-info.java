/** What runs inside the sandbox's child JVMs: nothing but the JDK and the server's own jars. */
@NullMarked
package io.qanat.sandbox.child;

import org.jspecify.annotations.NullMarked;
