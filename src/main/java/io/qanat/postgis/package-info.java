/**
 * PostgreSQL and PostGIS: one database, in it a schema for each flow that keeps something there.
 */
@NullMarked
package io.qanat.postgis;

import org.jspecify.annotations.NullMarked;
