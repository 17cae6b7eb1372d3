package io.qanat.salesforce;

import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
 * Reads a mapping file, and refuses what it does not understand with the file's name and the line.
 *
 * <pre>
 * events:                      # what each event type does to the record
 *   contact.upserted: upsert
 *   contact.deleted: delete
 * identifiedBy: [externalId, email]   # the first that has a value names the record
 * fields:                      # field of the event: field of Salesforce
 *   externalId: ExternalId__c
 *   mailingAddress.street: MailingStreet
 * ignore: [note]               # known fields that are not for Salesforce; optional
 * </pre>
 */
final class MappingFile {
  private static final Set<String> KEYS = Set.of("events", "identifiedBy", "fields", "ignore");
  private static final String PATH = "[A-Za-z_][A-Za-z0-9_-]*(\\.[A-Za-z_][A-Za-z0-9_-]*)*";
  private static final String API_NAME = "[A-Za-z][A-Za-z0-9_]*";

  private final String name;

  private MappingFile(String name) {
    this.name = name;
  }

  /**
   * Reads the file.
   *
   * @throws IllegalArgumentException that says where the file is wrong and how
   */
  static Mapping read(String name, Reader yaml) {
    return new MappingFile(name).parse(yaml);
  }

  private Mapping parse(Reader yaml) {
    Node root;
    try {
      root = new Yaml(new LoaderOptions()).compose(yaml);
    } catch (MarkedYAMLException broken) {
      int line = broken.getProblemMark() == null ? 0 : broken.getProblemMark().getLine();
      throw new IllegalArgumentException(
          name + ":" + (line + 1) + ": not YAML: " + broken.getProblem(), broken);
    }
    if (root == null) {
      throw new IllegalArgumentException(name + ":1: the file is empty");
    }
    Map<String, Node> sections = entries(root, "the file");
    for (Map.Entry<String, Node> section : sections.entrySet()) {
      if (!KEYS.contains(section.getKey())) {
        throw wrong(
            section.getValue(),
            "unknown key '"
                + section.getKey()
                + "', known are events, identifiedBy, fields, ignore");
      }
    }
    Map<String, Change.Kind> events = events(section(root, sections, "events"));
    Node fieldsNode = section(root, sections, "fields");
    Map<String, String> fields = fields(fieldsNode);
    Set<String> identifiedBy = names(section(root, sections, "identifiedBy"), "identifiedBy");
    Node identifiedByNode = section(root, sections, "identifiedBy");
    if (identifiedBy.isEmpty()) {
      throw wrong(identifiedByNode, "identifiedBy must name at least one field");
    }
    for (String identifier : identifiedBy) {
      if (!fields.containsKey(identifier)) {
        throw wrong(identifiedByNode, "identifiedBy names '" + identifier + "', not under fields");
      }
    }
    Node ignoreNode = sections.get("ignore");
    Set<String> ignore = ignoreNode == null ? Set.of() : names(ignoreNode, "ignore");
    for (String ignored : ignore) {
      if (fields.keySet().stream().anyMatch(f -> f.equals(ignored) || within(f, ignored))) {
        throw wrong(fieldsNode, "'" + ignored + "' is both under fields and under ignore");
      }
    }
    return new Mapping(events, List.copyOf(identifiedBy), fields, ignore);
  }

  private Map<String, Change.Kind> events(Node node) {
    Map<String, Change.Kind> events = new LinkedHashMap<>();
    entries(node, "events")
        .forEach(
            (type, action) -> {
              String text = text(action, "events." + type);
              if (!text.equals("upsert") && !text.equals("delete")) {
                throw wrong(action, "events." + type + " must be upsert or delete, not " + text);
              }
              events.put(type, Change.Kind.valueOf(text.toUpperCase(Locale.ROOT)));
            });
    if (events.isEmpty()) {
      throw wrong(node, "events must name at least one event type");
    }
    return events;
  }

  private Map<String, String> fields(Node node) {
    Map<String, String> fields = new LinkedHashMap<>();
    Map<String, String> taken = new LinkedHashMap<>();
    entries(node, "fields")
        .forEach(
            (path, target) -> {
              String field = text(target, "fields." + path);
              if (!path.matches(PATH)) {
                throw wrong(target, "'" + path + "' is not a path of an event field");
              }
              if (!field.matches(API_NAME)) {
                throw wrong(target, "'" + field + "' is not a Salesforce field name");
              }
              String other = taken.put(field.toLowerCase(Locale.ROOT), path);
              if (other != null) {
                throw wrong(target, field + " is written by both " + other + " and " + path);
              }
              fields.forEach(
                  (before, to) -> {
                    if (within(before, path) || within(path, before)) {
                      throw wrong(target, path + " and " + before + " exclude each other");
                    }
                  });
              fields.put(path, field);
            });
    return fields;
  }

  private Set<String> names(Node node, String what) {
    if (!(node instanceof SequenceNode list)) {
      throw wrong(node, what + " must be a list of event fields");
    }
    Set<String> names = new LinkedHashSet<>();
    for (Node entry : new ArrayList<>(list.getValue())) {
      String path = text(entry, what);
      if (!path.matches(PATH) || !names.add(path)) {
        throw wrong(entry, "'" + path + "' in " + what + " is doubled or not a path");
      }
    }
    return names;
  }

  private Node section(Node root, Map<String, Node> sections, String key) {
    @Nullable Node node = sections.get(key);
    if (node == null) {
      throw wrong(root, "the key '" + key + "' is missing");
    }
    return node;
  }

  private Map<String, Node> entries(Node node, String what) {
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

  private String text(Node node, String what) {
    if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      return scalar.getValue();
    }
    throw wrong(node, what + " must be a text");
  }

  private static boolean within(String path, String group) {
    return path.startsWith(group + ".");
  }

  private IllegalArgumentException wrong(Node node, String message) {
    return new IllegalArgumentException(
        name + ":" + (node.getStartMark().getLine() + 1) + ": " + message);
  }
}
