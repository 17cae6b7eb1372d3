package io.qanat.accept;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.qanat.HubProperties.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Joins the contracts of several flows into one OpenAPI document, because Camel opens one consumer
 * per base path.
 *
 * <p>Each operation is marked with the id of the route that works on it ({@value #ROUTE}), which a
 * contract decides by an operation's {@value #ROLE}: {@code accept} if there is none, or {@code
 * query}. Paths, operation ids and component names are shared by all flows: whatever two files
 * claim with different contents is an error that names both.
 */
final class ContractMerger {
  /** The extension that tells which route works on an operation. */
  static final String ROUTE = "x-qanat-route";

  private static final String ROLE = "x-qanat-role";

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

  /** Adds what a flow's contract has for these roles. */
  ContractMerger add(String flow, Path file, Set<Role> roles) {
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
                    roles,
                    path.getKey(),
                    operations((ObjectNode) path.getValue(), contract.path("security"))));
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

  /** What a contract says of login for all of its operations must not spread to others'. */
  private static ObjectNode operations(ObjectNode item, JsonNode security) {
    if (security.isArray()) {
      METHODS.stream()
          .map(item::get)
          .filter(o -> o != null && !o.has("security"))
          .forEach(o -> ((ObjectNode) o).set("security", security));
    }
    return item;
  }

  private void addPath(String flow, Path file, Set<Role> roles, String path, ObjectNode item) {
    claim("path " + path.replaceAll("\\{[^}]*}", "{}"), file);
    for (String method : METHODS) {
      if (item.get(method) instanceof ObjectNode operation) {
        claim("operationId " + operation.path("operationId").asText("(none)"), file);
        Role role = role(file, operation);
        if (!roles.contains(role)) {
          item.remove(method);
        }
        operation.put(ROUTE, "%s-%s-rest".formatted(flow, role.name().toLowerCase(Locale.ROOT)));
        operation.putArray("tags").add(flow);
      }
    }
    if (METHODS.stream().anyMatch(item::has)) {
      ((ObjectNode) merged.get("paths")).set(path, item);
    }
  }

  private static Role role(Path file, JsonNode operation) {
    String role = operation.path(ROLE).asText("accept");
    return switch (role) {
      case "accept" -> Role.ACCEPT;
      case "query" -> Role.QUERY;
      default ->
          throw new IllegalStateException(
              "%s: %s of %s must be accept or query, not %s"
                  .formatted(file, ROLE, operation.path("operationId").asText(), role));
    };
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
