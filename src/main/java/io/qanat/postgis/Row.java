package io.qanat.postgis;

import io.qanat.deliver.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event, as a row.
 *
 * @param event the event
 * @param values its values, by column
 */
record Row(Event event, List<@Nullable Object> values) {}
