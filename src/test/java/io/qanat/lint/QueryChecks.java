package io.qanat.lint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether an index finds what a query asks for, in its order: MongoDB then reads no document that
 * is not answered, and sorts nothing in memory.
 */
final class QueryChecks {
  private static final String ID = "_id";
  private static final Set<String> KEYS = Set.of("collection", "filter", "sort", "limit", "after");
  private static final Set<String> FILTER_KEYS = Set.of("type", "from", "absent");
  private static final Set<String> SORT_KEYS = Set.of("by", "order");

  private QueryChecks() {}

  /** An index of the collection: its fields, each 1 or -1, in their order. */
  private record Index(Map<String, Yaml> keys) {
    /**
     * Fields that must be equal stand first, in whatever order; those that are sorted by stand
     * next, all of them in one direction, because the index may be read backwards but not to and
     * fro.
     */
    boolean serves(Set<String> equal, List<String> sorted) {
      List<String> fields = List.copyOf(keys.keySet());
      int wanted = equal.size() + sorted.size();
      return fields.size() >= wanted
          && equal.equals(Set.copyOf(fields.subList(0, equal.size())))
          && sorted.equals(fields.subList(equal.size(), wanted))
          && sorted.stream().map(field -> keys.get(field).text()).distinct().count() <= 1;
    }
  }

  static void indexed(LintFile file, House house, Report report) {
    Yaml query = file.root();
    Map<String, Yaml> filter = query.at("filter").fields();
    unknown(query, KEYS, report);
    unknown(query.at("sort"), SORT_KEYS, report);
    filter.values().forEach(parameter -> unknown(parameter, FILTER_KEYS, report));
    String collection = query.textAt("collection");
    String by = query.textAt("sort", "by");
    List<Index> indexes = indexes(collection, house);
    for (Set<String> equal : asked(filter)) {
      List<String> sorted =
          by.isEmpty()
              ? List.of()
              : Stream.of(by, ID).distinct().filter(f -> !equal.contains(f)).toList();
      if (equal.isEmpty() && sorted.isEmpty()) {
        report.say(query, "lists %s in no order; sort it by a field", collection);
      } else if (indexes.stream().noneMatch(index -> index.serves(equal, sorted))) {
        List<String> keys =
            Stream.concat(equal.stream(), sorted.stream()).map(f -> f + ": 1").toList();
        report.say(
            query,
            "has no index for %s; add keys: {%s} to the indexes of the mapping of %s",
            equal.isEmpty() ? "all documents" : String.join(", ", equal),
            String.join(", ", keys),
            collection);
      }
    }
  }

  /** The sets of fields that requests ask for: with and without each that may be left out. */
  private static List<Set<String>> asked(Map<String, Yaml> filter) {
    List<Set<String>> asked = new ArrayList<>(List.of(new LinkedHashSet<>()));
    filter.forEach(
        (field, parameter) -> {
          List<Set<String>> before = asked.stream().<Set<String>>map(LinkedHashSet::new).toList();
          asked.forEach(fields -> fields.add(field));
          if (parameter.find("absent").isPresent()) {
            asked.addAll(before);
          }
        });
    // At most one document has an _id: whatever else is asked of it costs nothing.
    asked.stream()
        .filter(fields -> fields.contains(ID))
        .forEach(fields -> fields.retainAll(Set.of(ID)));
    return asked.stream().distinct().sorted(Comparator.comparing(Set::size)).toList();
  }

  /** Those that mappings declare, and the one that each collection has. */
  private static List<Index> indexes(String collection, House house) {
    Stream<Yaml> declared =
        house.all().stream()
            .filter(file -> file.kind() == LintFile.Kind.MAPPING)
            .map(LintFile::root)
            .filter(mapping -> mapping.textAt("collection").equals(collection))
            .flatMap(mapping -> mapping.at("indexes").items().stream())
            .map(index -> index.at("keys"));
    return Stream.concat(declared, Stream.of(Yaml.parse("_id: 1")))
        .map(keys -> new Index(keys.fields()))
        .toList();
  }

  private static void unknown(Yaml piece, Set<String> known, Report report) {
    piece
        .fields()
        .forEach(
            (key, value) -> {
              if (!known.contains(key)) {
                report.say(value, "has '%s', of which no index is known to serve it", key);
              }
            });
  }
}
