package io.qanat.salesforce;

import io.qanat.deliver.MappingDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;

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
  private static final String API_NAME = "[A-Za-z][A-Za-z0-9_]*";

  private final MappingDocument file;

  private MappingFile(MappingDocument file) {
    this.file = file;
  }

  /**
   * Reads the file.
   *
   * @throws IllegalArgumentException that says where the file is wrong and how
   */
  static Mapping read(MappingDocument file) {
    return new MappingFile(file).parse();
  }

  private Mapping parse() {
    Map<String, Node> sections = file.sections("events", "identifiedBy", "fields", "ignore");
    Map<String, Change.Kind> events = events(file.section(sections, "events"));
    Node fieldsNode = file.section(sections, "fields");
    Map<String, String> fields = fields(fieldsNode);
    Set<String> identifiedBy = file.names(file.section(sections, "identifiedBy"), "identifiedBy");
    Node identifiedByNode = file.section(sections, "identifiedBy");
    if (identifiedBy.isEmpty()) {
      throw file.wrong(identifiedByNode, "identifiedBy must name at least one field");
    }
    for (String identifier : identifiedBy) {
      if (!fields.containsKey(identifier)) {
        throw file.wrong(
            identifiedByNode, "identifiedBy names '" + identifier + "', not under fields");
      }
    }
    Node ignoreNode = sections.get("ignore");
    Set<String> ignore = ignoreNode == null ? Set.of() : file.names(ignoreNode, "ignore");
    for (String ignored : ignore) {
      if (fields.keySet().stream().anyMatch(f -> f.equals(ignored) || within(f, ignored))) {
        throw file.wrong(fieldsNode, "'" + ignored + "' is both under fields and under ignore");
      }
    }
    return new Mapping(events, List.copyOf(identifiedBy), fields, ignore);
  }

  private Map<String, Change.Kind> events(Node node) {
    Map<String, Change.Kind> events = new LinkedHashMap<>();
    file.entries(node, "events")
        .forEach(
            (type, action) -> {
              String text = file.text(action, "events." + type);
              if (!text.equals("upsert") && !text.equals("delete")) {
                throw file.wrong(
                    action, "events." + type + " must be upsert or delete, not " + text);
              }
              events.put(type, Change.Kind.valueOf(text.toUpperCase(Locale.ROOT)));
            });
    if (events.isEmpty()) {
      throw file.wrong(node, "events must name at least one event type");
    }
    return events;
  }

  private Map<String, String> fields(Node node) {
    Map<String, String> fields = new LinkedHashMap<>();
    Map<String, String> taken = new LinkedHashMap<>();
    file.entries(node, "fields")
        .forEach(
            (path, target) -> {
              String field = file.text(target, "fields." + path);
              file.path(target, path);
              if (!field.matches(API_NAME)) {
                throw file.wrong(target, "'" + field + "' is not a Salesforce field name");
              }
              String other = taken.put(field.toLowerCase(Locale.ROOT), path);
              if (other != null) {
                throw file.wrong(target, field + " is written by both " + other + " and " + path);
              }
              fields.forEach(
                  (before, to) -> {
                    if (within(before, path) || within(path, before)) {
                      throw file.wrong(target, path + " and " + before + " exclude each other");
                    }
                  });
              fields.put(path, field);
            });
    return fields;
  }

  private static boolean within(String path, String group) {
    return path.startsWith(group + ".");
  }
}
