package io.qanat.accept;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Joins the contracts of several flows into one OpenAPI document, because Camel opens one consumer
 * per base path.
 *
 * <p>Each operation is marked with the flow that it came from ({@value #FLOW}). Paths, operation
 * ids and component names are shared by all flows: whatever two files claim with different contents
 * is an error that names both.
 */
final class ContractMerger {
  /** The extension that tells which flow an operation belongs to. */
  static final String FLOW = "x-qanat-flow";

  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");
  private static final YAMLMapper YAML = new YAMLMapper();

  private final ObjectNode merged = YAML.createObjectNode();
  private final Map<String, Path> owners = new HashMap<>();

  ContractMerger(String version) {
    merged.put("openapi", "3.0.3");
    merged
        .putObject("info")
        .put("title", "Qanat")
        .put("version", version)
        .put("description", "The contracts of the flows that run here.");
    merged.putArray("tags");
    merged.putObject("paths");
    merged.putObject("components");
  }

  /** Adds a flow's contract. */
  ContractMerger add(String flow, Path file) {
    JsonNode contract = read(file);
    if (!contract.path("openapi").asText().startsWith("3.0.")) {
      throw new IllegalStateException(file + " must be OpenAPI 3.0.x");
    }
    ((ArrayNode) merged.get("tags"))
        .addObject()
        .put("name", flow)
        .put("description", contract.path("info").path("description").asText());
    contract
        .path("paths")
        .properties()
        .forEach(
            path ->
                addPath(
                    flow,
                    file,
                    path.getKey(),
                    (ObjectNode) path.getValue(),
                    contract.path("security")));
    contract
        .path("components")
        .properties()
        .forEach(
            section ->
                section
                    .getValue()
                    .properties()
                    .forEach(c -> addComponent(file, section.getKey(), c.getKey(), c.getValue())));
    return this;
  }

  private void addPath(String flow, Path file, String path, ObjectNode item, JsonNode security) {
    claim("path " + path.replaceAll("\\{[^}]*}", "{}"), file);
    item.properties()
        .forEach(
            operation -> {
              if (METHODS.contains(operation.getKey())) {
                ObjectNode o = (ObjectNode) operation.getValue();
                claim("operationId " + o.path("operationId").asText("(none)"), file);
                o.put(FLOW, flow);
                o.putArray("tags").add(flow);
                if (security.isArray() && !o.has("security")) {
                  // What a contract says for all of its operations must not spread to others'.
                  o.set("security", security);
                }
              }
            });
    ((ObjectNode) merged.get("paths")).set(path, item);
  }

  private void addComponent(Path file, String section, String name, JsonNode value) {
    ObjectNode all = merged.withObjectProperty("components").withObjectProperty(section);
    if (!value.equals(all.get(name))) {
      claim("components/%s/%s".formatted(section, name), file);
      all.set(name, value);
    }
  }

  private void claim(String what, Path file) {
    Path other = owners.put(what, file);
    if (other != null) {
      throw new IllegalStateException("Both %s and %s declare %s".formatted(other, file, what));
    }
  }

  private static JsonNode read(Path file) {
    try {
      return YAML.readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the contract " + file + ": " + e.getMessage(), e);
    }
  }

  /** The document of everything added so far. */
  ObjectNode merged() {
    return merged;
  }
}
