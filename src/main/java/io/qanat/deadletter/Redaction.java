package io.qanat.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.springframework.stereotype.Component;

/** Takes out of a payload what nobody is to see. */
@Component
class Redaction {
  /** Stands where a value was. */
  static final TextNode MARK = TextNode.valueOf("***");

  private final Set<String> names;

  Redaction(DeadLetterProperties properties) {
    names =
        properties.redact().stream()
            .map(n -> n.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether there is anything to hide; then what cannot be looked into is not shown at all. */
  boolean hidesAnything() {
    return !names.isEmpty();
  }

  /** Whether values of this name are hidden. */
  boolean hides(String name) {
    return names.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Hides, in the tree itself. */
  void hide(JsonNode tree) {
    if (tree instanceof ObjectNode object) {
      List<String> fields = object.properties().stream().map(Map.Entry::getKey).toList();
      for (String field : fields) {
        if (hides(field)) {
          object.set(field, MARK);
        } else {
          hide(object.path(field));
        }
      }
    } else if (tree instanceof ArrayNode array) {
      array.forEach(this::hide);
    }
  }

  /** Whether the mark stands where a value should: somebody took it from what was shown. */
  boolean isMarked(JsonNode tree) {
    return tree.properties().stream()
            .anyMatch(p -> hides(p.getKey()) ? p.getValue().equals(MARK) : isMarked(p.getValue()))
        || (tree.isArray()
            && StreamSupport.stream(tree.spliterator(), false).anyMatch(this::isMarked));
  }
}
