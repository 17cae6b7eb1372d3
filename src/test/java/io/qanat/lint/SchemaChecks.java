package io.qanat.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Holds files against the schema of Camel's YAML and of the Kamelet resource. */
final class SchemaChecks {
  private static final JsonSchema CAMEL = load("/schema/camelYamlDsl.json", VersionFlag.V4);
  private static final JsonSchema KAMELET = load("/lint/kamelet.schema.json", VersionFlag.V202012);

  /** One mistake makes many messages where a schema offers a choice; the deepest tell most. */
  private static final int MESSAGES = 3;

  private SchemaChecks() {}

  static void reads(LintFile file, House house, Report report) {
    if (!file.error().isEmpty()) {
      report.say(1, "cannot be read: " + file.error());
    }
  }

  static void route(LintFile file, House house, Report report) {
    validate(CAMEL, file.root().json(), file.root(), report);
  }

  static void kamelet(LintFile file, House house, Report report) {
    validate(KAMELET, file.root().json(), file.root(), report);
    // each part of a template is what an element of a route file is
    for (Map.Entry<String, Yaml> part : file.flowing().fields().entrySet()) {
      Yaml element =
          new Yaml(
              part.getValue().line(),
              Yaml.Kind.MAP,
              "",
              Map.of(part.getKey(), part.getValue()),
              List.of());
      Yaml list = new Yaml(element.line(), Yaml.Kind.LIST, "", Map.of(), List.of(element));
      validate(CAMEL, JsonNodeFactory.instance.arrayNode().add(element.json()), list, report);
    }
  }

  private static void validate(JsonSchema schema, JsonNode json, Yaml root, Report report) {
    schema.validate(json).stream()
        .filter(message -> !isPlaceholder(message))
        .sorted(Comparator.comparingInt(SchemaChecks::depth).reversed())
        .limit(MESSAGES)
        .forEach(message -> report.say(find(root, message), message.getMessage()));
  }

  private static int depth(ValidationMessage message) {
    return message.getInstanceLocation().getNameCount();
  }

  /** A placeholder may stand for a number or a boolean; the schema knows only what is written. */
  private static boolean isPlaceholder(ValidationMessage message) {
    JsonNode instance = message.getInstanceNode();
    return message.getType().equals("type")
        && instance != null
        && instance.isTextual()
        && instance.textValue().matches("\\{\\{.*}}");
  }

  private static Yaml find(Yaml root, ValidationMessage message) {
    JsonNodePath path = message.getInstanceLocation();
    Yaml here = root;
    for (int i = 0; i < path.getNameCount(); i++) {
      Object element = path.getElement(i);
      if (element instanceof Integer index && index < here.items().size()) {
        here = here.items().get(index);
      } else {
        here = here.fields().getOrDefault(path.getName(i), here);
      }
    }
    return here;
  }

  private static JsonSchema load(String resource, VersionFlag version) {
    try (InputStream in = SchemaChecks.class.getResourceAsStream(resource)) {
      return JsonSchemaFactory.getInstance(version)
          .getSchema(Objects.requireNonNull(in, resource + " is not on the class path"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
