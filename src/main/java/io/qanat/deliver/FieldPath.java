package io.qanat.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Where a field of an event is, such as {@code mailingAddress.city}; {@code .} is the whole event.
 *
 * @param path the names of the fields, with dots between them
 */
public record FieldPath(String path) {
  /** The path of the whole event. */
  public static final FieldPath WHOLE = new FieldPath(".");

  /** The value at this place; null if there is none. */
  public @Nullable JsonNode in(JsonNode data) {
    if (path.equals(WHOLE.path)) {
      return data;
    }
    JsonNode value = data;
    for (int start = 0; value != null && start <= path.length(); ) {
      int dot = path.indexOf('.', start);
      int end = dot < 0 ? path.length() : dot;
      value = value.get(path.substring(start, end));
      start = end + 1;
    }
    return value;
  }

  @Override
  public String toString() {
    return path;
  }
}
