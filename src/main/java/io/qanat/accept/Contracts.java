package io.qanat.accept;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.oas.OpenApi30;
import com.networknt.schema.resource.MapSchemaLoader;
import io.qanat.Flows;
import io.qanat.HubProperties;
import io.qanat.HubProperties.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The OpenAPI contracts of the flows that run here, merged into one and compiled once: they drive
 * routing, validation and the API page.
 */
@Component
public class Contracts {
  /** What a schema says itself of values that break one of its keywords. */
  private static final String WORDS = "x-message";

  private static final String DOCUMENT = "urn:qanat:openapi";

  private final Flows flows;
  private final ObjectNode merged;
  private final JsonSchemaFactory schemas;
  private final Map<String, Contract> operations = new LinkedHashMap<>();

  Contracts(Flows flows, HubProperties properties) {
    this.flows = flows;
    ContractMerger merger = new ContractMerger("v1");
    Set<Role> roles = Set.copyOf(properties.roles());
    flows.names().forEach(flow -> file(flow).ifPresent(f -> merger.add(flow, f, roles)));
    if (roles.contains(Role.ACCEPT) || roles.contains(Role.QUERY)) {
      // Every instance that takes requests also tells of receipts and flows.
      file(Flows.PLATFORM).ifPresent(f -> merger.add(Flows.PLATFORM, f, EnumSet.allOf(Role.class)));
    }
    merged = merger.merged();
    schemas = factory(merged.toString());
    merged.path("paths").properties().forEach(p -> compile(p.getKey(), p.getValue()));
  }

  private static JsonSchemaFactory factory(String document) {
    return JsonSchemaFactory.getInstance(
        SpecVersion.VersionFlag.V4,
        builder ->
            builder
                .metaSchema(OpenApi30.getInstance())
                .defaultMetaSchemaIri(OpenApi30.getInstance().getIri())
                .schemaLoaders(
                    loaders -> loaders.add(new MapSchemaLoader(Map.of(DOCUMENT, document)))));
  }

  private void compile(String path, JsonNode item) {
    item.properties()
        .forEach(
            entry -> {
              if (entry.getValue().has(ContractMerger.ROUTE)) {
                String at = "/paths/" + escape(path) + "/" + entry.getKey();
                Contract contract = compile(path, entry.getValue(), item.path("parameters"), at);
                operations.put(key(entry.getKey(), path), contract);
              }
            });
  }

  private Contract compile(String path, JsonNode operation, JsonNode shared, String at) {
    Map<String, JsonSchema> parameters = new HashMap<>();
    Set<String> requiredQuery = new HashSet<>();
    Map<String, String> defaults = new HashMap<>();
    String item = at.substring(0, at.lastIndexOf('/'));
    for (Declared declared :
        List.of(
            new Declared(shared, item + "/parameters"),
            new Declared(operation.path("parameters"), at + "/parameters"))) {
      parameters(declared, parameters, requiredQuery, defaults);
    }
    JsonNode request = operation.path("requestBody");
    List<String> types =
        request.path("content").properties().stream().map(Map.Entry::getKey).toList();
    return new Contract(
        operation.path(ContractMerger.ROUTE).asText(),
        operation.path("operationId").asText(),
        PathPatternParser.defaultInstance.parse(path),
        !operation.path("security").isEmpty(),
        types.stream().map(MediaType::parseMediaType).toList(),
        request.path("required").asBoolean(),
        types.isEmpty()
            ? null
            : body(at + "/requestBody/content/" + escape(types.get(0)) + "/schema"),
        Map.copyOf(parameters),
        Set.copyOf(requiredQuery),
        Map.copyOf(defaults));
  }

  /** Parameters, and where they stand in the merged contract. */
  private record Declared(JsonNode parameters, String at) {}

  private void parameters(
      Declared declared,
      Map<String, JsonSchema> parameters,
      Set<String> requiredQuery,
      Map<String, String> defaults) {
    for (int i = 0; i < declared.parameters().size(); i++) {
      String pointer = resolved(declared.at() + "/" + i);
      JsonNode parameter = merged.at(pointer);
      String name = parameter.path("name").asText();
      String in = parameter.path("in").asText();
      if (in.equals("path") || in.equals("query")) {
        parameters.put(name, schema(resolved(pointer + "/schema")));
      }
      if (in.equals("query")) {
        if (parameter.path("required").asBoolean()) {
          requiredQuery.add(name);
        }
        JsonNode otherwise = parameter.path("schema").path("default");
        if (!otherwise.isMissingNode()) {
          defaults.put(name, otherwise.asText());
        }
      }
    }
  }

  /** Where what stands at a pointer really is. */
  private String resolved(String pointer) {
    JsonNode reference = merged.at(pointer).path("$ref");
    return reference.isMissingNode() ? pointer : reference.asText().substring(1);
  }

  private BodySchema body(String pointer) {
    Map<String, JsonSchema> byType = new HashMap<>();
    JsonNode alternatives = merged.at(resolved(pointer)).path("oneOf");
    for (int i = 0; i < alternatives.size(); i++) {
      String alternative = resolved(resolved(pointer) + "/oneOf/" + i);
      byType.put(merged.at(alternative).path("type").asText(), schema(alternative));
    }
    return new BodySchema(schema(pointer), Map.copyOf(byType));
  }

  private JsonSchema schema(String pointer) {
    JsonSchema schema =
        schemas.getSchema(
            SchemaLocation.of(DOCUMENT + "#" + pointer),
            SchemaValidatorsConfig.builder()
                .formatAssertionsEnabled(true)
                .errorMessageKeyword(WORDS)
                .build());
    schema.initializeValidators();
    return schema;
  }

  private static String escape(String token) {
    return token.replace("~", "~0").replace("/", "~1");
  }

  private Optional<Path> file(String flow) {
    return Optional.of(flows.folder(flow).resolve(flow + ".openapi.yaml"))
        .filter(Files::isRegularFile);
  }

  /** The file of a flow's contract, if that flow runs here and has one. */
  public Optional<Path> fileOf(String flow) {
    return flows.names().contains(flow) || flow.equals(Flows.PLATFORM)
        ? file(flow)
        : Optional.empty();
  }

  /** The merged contract for Camel, which finds it in the registry by this name. */
  @Bean("openapi.json")
  static String openApiDocument(Contracts contracts) {
    return contracts.document();
  }

  /** The merged contract as JSON. */
  public String document() {
    return merged.toPrettyString();
  }

  /** The paths of the merged contract, each with its operations. */
  JsonNode paths() {
    return merged.path("paths");
  }

  /** What the operation of a method at a path, as the contract writes it, asks of its requests. */
  @Nullable Contract operation(String verb, String path) {
    return operations.get(key(verb, path));
  }

  private static String key(String verb, String path) {
    return verb.toUpperCase(Locale.ROOT) + " " + path;
  }

  /**
   * The schema of this name among the components.
   *
   * @throws IllegalStateException if there is none
   */
  BodySchema component(String name) {
    String pointer = "/components/schemas/" + escape(name);
    if (merged.at(pointer).isMissingNode()) {
      throw new IllegalStateException("No contract has the schema " + name);
    }
    return body(pointer);
  }

  /** The ids of the routes that work on requests. */
  Set<String> routes() {
    Set<String> ids = new HashSet<>();
    operations.values().forEach(o -> ids.add(o.route()));
    return ids;
  }

  /** The names of all declared query parameters. */
  Set<String> queryParameters() {
    Set<String> names = new HashSet<>();
    merged
        .findParents("in")
        .forEach(
            p -> {
              if (p.path("in").asText().equals("query")) {
                names.add(p.path("name").asText());
              }
            });
    return names;
  }
}
