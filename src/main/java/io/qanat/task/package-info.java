/** What a hub does once, before others run: it makes topics, or migrates databases, and ends. */
@NullMarked
package io.qanat.task;

import org.jspecify.annotations.NullMarked;
