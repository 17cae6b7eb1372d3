package io.qanat.deliver;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A mapping file, which tells how the events of a flow become what a system takes. Whatever is
 * wrong in it is told with the file's name and the line.
 */
public final class MappingDocument {
  private static final String PATH = "[A-Za-z_][A-Za-z0-9_-]*(\\.[A-Za-z_][A-Za-z0-9_-]*)*";

  private final String name;
  private final Node root;

  private MappingDocument(String name, Reader yaml) {
    this.name = name;
    Node read;
    try {
      read = new Yaml(new LoaderOptions()).compose(yaml);
    } catch (MarkedYAMLException broken) {
      int line = broken.getProblemMark() == null ? 0 : broken.getProblemMark().getLine();
      throw new IllegalArgumentException(
          name + ":" + (line + 1) + ": not YAML: " + broken.getProblem(), broken);
    }
    if (read == null) {
      throw new IllegalArgumentException(name + ":1: the file is empty");
    }
    root = read;
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException that says where it is no YAML
   */
  public static MappingDocument read(String name, Reader yaml) {
    return new MappingDocument(name, yaml);
  }

  /** Reads a file from where Camel finds it. */
  public static MappingDocument load(CamelContext context, String location) {
    try (var in = ResourceHelper.resolveMandatoryResourceAsInputStream(context, location)) {
      return read(location, new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException missing) {
      throw new UncheckedIOException("cannot read the mapping " + location, missing);
    }
  }

  /** The whole file. */
  public Node root() {
    return root;
  }

  /** The sections of the file, of which only some names are known. */
  public Map<String, Node> sections(String... known) {
    return options(root, "the file", known);
  }

  /** The entries of a map, of which only some names are known. */
  public Map<String, Node> options(Node node, String what, String... known) {
    Map<String, Node> options = entries(node, what);
    options.forEach(
        (key, value) -> {
          if (!List.of(known).contains(key)) {
            throw wrong(
                value, "unknown key '%s', known are %s".formatted(key, String.join(", ", known)));
          }
        });
    return options;
  }

  /** A section that must be there. */
  public Node section(Map<String, Node> sections, String key) {
    @Nullable Node node = sections.get(key);
    if (node == null) {
      throw wrong(root, "the key '" + key + "' is missing");
    }
    return node;
  }

  /** The entries of a map, in their order. */
  public Map<String, Node> entries(Node node, String what) {
    if (!(node instanceof MappingNode mapping)) {
      throw wrong(node, what + " must be a map");
    }
    Map<String, Node> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String key = text(tuple.getKeyNode(), "a key of " + what);
      if (entries.put(key, tuple.getValueNode()) != null) {
        throw wrong(tuple.getKeyNode(), "'" + key + "' stands twice in " + what);
      }
    }
    return entries;
  }

  /** The text of a single value. */
  public String text(Node node, String what) {
    if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      return scalar.getValue();
    }
    throw wrong(node, what + " must be a text");
  }

  /** A list of names with dots, such as paths of fields and types of events; none stands twice. */
  public Set<String> names(Node node, String what) {
    if (!(node instanceof SequenceNode list)) {
      throw wrong(node, what + " must be a list");
    }
    Set<String> names = new LinkedHashSet<>();
    for (Node entry : list.getValue()) {
      String name = text(entry, what);
      if (!name.matches(PATH) || !names.add(name)) {
        throw wrong(entry, "'" + name + "' in " + what + " is doubled or not a name");
      }
    }
    return names;
  }

  /** The path of an event field, such as {@code mailingAddress.city}. */
  public FieldPath path(Node node, String path) {
    if (!path.matches(PATH)) {
      throw wrong(node, "'" + path + "' is not a path of an event field");
    }
    return new FieldPath(path);
  }

  /** What is wrong at a place. */
  public IllegalArgumentException wrong(Node node, String message) {
    return new IllegalArgumentException(
        name + ":" + (node.getStartMark().getLine() + 1) + ": " + message);
  }
}
