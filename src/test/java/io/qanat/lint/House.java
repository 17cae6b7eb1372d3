package io.qanat.lint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All files that have conventions, and what they may refer to.
 *
 * @param files by name
 * @param settings the keys of the hub's settings
 */
record House(Map<String, LintFile> files, Set<String> settings) {
  private static final List<String> FOLDERS = List.of("routes", "kamelets");
  private static final String SETTINGS = "src/main/resources/application.yaml";

  /** Reads the folders of these roots; a file of a later root replaces its namesake. */
  static House of(Path... roots) {
    Map<String, LintFile> files = new TreeMap<>();
    Set<String> settings = new HashSet<>();
    for (Path root : roots) {
      FOLDERS.forEach(folder -> readFolder(root, root.resolve(folder), files));
      readSettings(root.resolve(SETTINGS), settings);
    }
    return new House(files, settings);
  }

  private static void readFolder(Path root, Path folder, Map<String, LintFile> files) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted().toList()) {
        String name = root.relativize(path).toString().replace('\\', '/');
        LintFile.Kind.of(name).ifPresent(kind -> files.put(name, LintFile.read(path, name, kind)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void readSettings(Path file, Set<String> settings) {
    if (!Files.exists(file)) {
      return;
    }
    try {
      Yaml.parseAll(Files.readString(file)).forEach(document -> keys("", document, settings));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void keys(String prefix, Yaml piece, Set<String> keys) {
    if (piece.fields().isEmpty()) {
      keys.add(prefix);
      return;
    }
    piece
        .fields()
        .forEach((key, value) -> keys(prefix.isEmpty() ? key : prefix + "." + key, value, keys));
  }

  Collection<LintFile> all() {
    return files.values();
  }

  Optional<LintFile> kamelet(String name) {
    return Optional.ofNullable(files.get("kamelets/" + name + ".kamelet.yaml"));
  }

  /** The ids of the route configurations that stand in YAML. */
  List<String> routeConfigurations() {
    return all().stream()
        .filter(file -> file.kind() == LintFile.Kind.ROUTE)
        .flatMap(file -> file.elements().stream())
        .filter(element -> element.getKey().equals("routeConfiguration"))
        .map(element -> element.getValue().textAt("id"))
        .toList();
  }

  /** Everything wrong with the house, file by file. */
  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    for (LintFile file : all()) {
      for (Rule rule : Rule.values()) {
        findings.addAll(rule.check(file, this));
      }
    }
    return findings;
  }
}
