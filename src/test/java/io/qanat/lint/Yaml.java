package io.qanat.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.comments.CommentType;
import org.snakeyaml.engine.v2.events.CommentEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A piece of a YAML file that knows its line: a map, a list or a text. Read with the parser that
 * Camel uses, so that both agree on what a file says.
 *
 * @param line counted from 1
 * @param text the scalar as it is written, empty for maps and lists
 */
record Yaml(int line, Kind kind, String text, Map<String, Yaml> fields, List<Yaml> items) {
  /** What a piece is; scalars are told apart as YAML 1.2 does. */
  enum Kind {
    MAP,
    LIST,
    STRING,
    NUMBER,
    BOOLEAN,
    NULL
  }

  static final Yaml NOTHING = new Yaml(1, Kind.NULL, "", Map.of(), List.of());

  /** Reads a file of one document. */
  static Yaml parse(String text) {
    return new Compose(settings(false)).composeString(text).map(Yaml::of).orElse(NOTHING);
  }

  /** Reads a file that may hold several documents, as Spring's settings may. */
  static List<Yaml> parseAll(String text) {
    Iterable<Node> documents = new Compose(settings(false)).composeAllFromString(text);
    return StreamSupport.stream(documents.spliterator(), false).map(Yaml::of).toList();
  }

  /** The lines, counted from 1, on which a comment stands. */
  static List<Integer> commentLines(String text) {
    return StreamSupport.stream(new Parse(settings(true)).parseString(text).spliterator(), false)
        .filter(CommentEvent.class::isInstance)
        .map(CommentEvent.class::cast)
        .filter(comment -> comment.getCommentType() != CommentType.BLANK_LINE)
        .map(comment -> comment.getStartMark().map(Mark::getLine).orElse(0) + 1)
        .toList();
  }

  private static LoadSettings settings(boolean comments) {
    return LoadSettings.builder().setParseComments(comments).build();
  }

  private static Yaml of(Node node) {
    int line = node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    if (node instanceof MappingNode map) {
      Map<String, Yaml> fields = new LinkedHashMap<>();
      map.getValue()
          .forEach(
              entry -> {
                Yaml key = of(entry.getKeyNode());
                if (fields.put(key.text, of(entry.getValueNode())) != null) {
                  throw new IllegalArgumentException(
                      "the key '" + key.text + "' stands twice, again in line " + key.line);
                }
              });
      return new Yaml(line, Kind.MAP, "", fields, List.of());
    }
    if (node instanceof SequenceNode list) {
      List<Yaml> items = new ArrayList<>();
      list.getValue().forEach(item -> items.add(of(item)));
      return new Yaml(line, Kind.LIST, "", Map.of(), items);
    }
    ScalarNode scalar = (ScalarNode) node;
    return new Yaml(line, kind(scalar.getTag()), scalar.getValue(), Map.of(), List.of());
  }

  private static Kind kind(Tag tag) {
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      return Kind.NUMBER;
    }
    if (tag.equals(Tag.BOOL)) {
      return Kind.BOOLEAN;
    }
    return tag.equals(Tag.NULL) ? Kind.NULL : Kind.STRING;
  }

  boolean isScalar() {
    return kind != Kind.MAP && kind != Kind.LIST;
  }

  /** What stands at the end of these keys, if anything does. */
  Optional<Yaml> find(String... keys) {
    Yaml here = this;
    for (String key : keys) {
      Yaml next = here.fields.get(key);
      if (next == null) {
        return Optional.empty();
      }
      here = next;
    }
    return Optional.of(here);
  }

  /** What stands at the end of these keys, or an empty piece. */
  Yaml at(String... keys) {
    return find(keys).orElse(NOTHING);
  }

  /** The text at the end of these keys, or an empty one. */
  String textAt(String... keys) {
    return at(keys).text;
  }

  /** This piece and all below it. */
  Stream<Yaml> walk() {
    return Stream.concat(
        Stream.of(this),
        Stream.concat(fields.values().stream(), items.stream()).flatMap(Yaml::walk));
  }

  /** All map entries in this piece and below it. */
  Stream<Map.Entry<String, Yaml>> entries() {
    return walk().flatMap(piece -> piece.fields.entrySet().stream());
  }

  /** The same piece for a JSON schema. */
  JsonNode json() {
    JsonNodeFactory factory = JsonNodeFactory.instance;
    return switch (kind) {
      case MAP -> {
        ObjectNode map = factory.objectNode();
        fields.forEach((key, value) -> map.set(key, value.json()));
        yield map;
      }
      case LIST -> {
        ArrayNode list = factory.arrayNode();
        items.forEach(item -> list.add(item.json()));
        yield list;
      }
      case NUMBER -> number(factory);
      case BOOLEAN -> factory.booleanNode(Boolean.parseBoolean(text));
      case NULL -> factory.nullNode();
      case STRING -> factory.textNode(text);
    };
  }

  private JsonNode number(JsonNodeFactory factory) {
    return text.matches("-?\\d{1,18}")
        ? factory.numberNode(Long.parseLong(text))
        : factory.numberNode(Double.parseDouble(text));
  }
}
