package io.qanat.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds custom resources against the definitions in {@code src/test/resources/crds}, as an API
 * server does that is asked to be strict: a field that the definition does not have is a mistake.
 */
public final class CustomResources {
  private static final Path DEFINITIONS = Path.of("src/test/resources/crds");

  private final Map<String, JsonSchema> schemas = new HashMap<>();

  public CustomResources() {
    Manifests.below(DEFINITIONS, ".yaml").stream().map(Manifests::one).forEach(this::define);
  }

  private void define(JsonNode definition) {
    JsonSchemaFactory factory = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    String group = definition.at("/spec/group").asText();
    String kind = definition.at("/spec/names/kind").asText();
    for (JsonNode version : definition.at("/spec/versions")) {
      JsonNode schema = version.at("/schema/openAPIV3Schema");
      close(schema);
      schemas.put(
          group + "/" + version.path("name").asText() + " " + kind, factory.getSchema(schema));
    }
  }

  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object
        && object.path("properties").isObject()
        && !object.has("additionalProperties")
        && !object.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
      object.put("additionalProperties", false);
    }
    schema.forEach(CustomResources::close);
  }

  /** What is wrong with a resource. */
  public List<String> mistakes(JsonNode resource) {
    String type = resource.path("apiVersion").asText() + " " + resource.path("kind").asText();
    JsonSchema schema = schemas.get(type);
    if (schema == null) {
      return List.of("no definition of " + type);
    }
    return schema.validate(resource).stream().map(ValidationMessage::getMessage).toList();
  }
}
