package io.qanat.lint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file that has conventions.
 *
 * @param name the path below the root, with slashes
 * @param root what it says; nothing if it cannot be read
 * @param error why it cannot be read, empty if it can
 */
record LintFile(Path path, String name, Kind kind, String text, Yaml root, String error) {
  /** What a file is, by its ending. */
  enum Kind {
    ROUTE(".camel.yaml", "routes"),
    KAMELET(".kamelet.yaml", "kamelets"),
    CONTRACT(".openapi.yaml", "contracts"),
    QUERY(".query.yaml", "queries"),
    MAPPING(".mapping.yaml", "mappings");

    private final String ending;
    private final String plural;

    Kind(String ending, String plural) {
      this.ending = ending;
      this.plural = plural;
    }

    String plural() {
      return plural;
    }

    static Optional<Kind> of(String name) {
      return List.of(values()).stream().filter(kind -> name.endsWith(kind.ending)).findFirst();
    }
  }

  /** The folder of routes that belong to no flow. */
  static final String PLATFORM = "platform";

  static LintFile read(Path path, String name, Kind kind) {
    String text;
    try {
      text = Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      return new LintFile(path, name, kind, text, Yaml.parse(text), "");
    } catch (RuntimeException e) {
      String reason = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
      return new LintFile(path, name, kind, text, Yaml.NOTHING, reason);
    }
  }

  /** The file's name without its ending. */
  String stem() {
    String last = name.substring(name.lastIndexOf('/') + 1);
    return last.substring(0, last.length() - kind.ending.length());
  }

  /** The folder below {@code routes/}. */
  String flow() {
    String[] parts = name.split("/", -1);
    return parts.length > 2 ? parts[1] : "";
  }

  boolean isPlatform() {
    return flow().equals(PLATFORM);
  }

  /** The route's or the kamelet's name if it has one, else the file's. */
  String identity() {
    String own = kind == Kind.KAMELET ? root.textAt("metadata", "name") : route().textAt("id");
    return own.isEmpty() ? stem() : own;
  }

  /** The elements of a route file: keyword and definition. */
  List<Map.Entry<String, Yaml>> elements() {
    return root.items().stream().flatMap(item -> item.fields().entrySet().stream()).toList();
  }

  /** The first element of a route file, whatever it is. */
  Yaml route() {
    return elements().stream().map(Map.Entry::getValue).findFirst().orElse(Yaml.NOTHING);
  }

  /** The part that runs: the element of a route file, the template of a kamelet. */
  Yaml flowing() {
    return kind == Kind.KAMELET ? root.at("spec", "template") : root;
  }

  /** Where the route or the kamelet's template begins; nothing if it does not. */
  Yaml from() {
    if (kind == Kind.ROUTE) {
      return route().at("from");
    }
    Yaml template = flowing();
    return template.find("from").orElse(template.at("route", "from"));
  }

  /** The parameters that a kamelet declares. */
  Map<String, Yaml> parameters() {
    return root.at("spec", "definition", "properties").fields();
  }

  boolean hasDefault(String parameter) {
    return parameters().getOrDefault(parameter, Yaml.NOTHING).find("default").isPresent();
  }

  /** The parameters that a kamelet cannot do without. */
  List<String> required() {
    return root.at("spec", "definition", "required").items().stream().map(Yaml::text).toList();
  }
}
