package io.qanat.chart;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.qanat.k8s.CustomResources;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Holds objects against what Kubernetes knows of their kinds, as an API server does that is asked
 * to be strict: its own kinds against typed models, custom ones against their definitions.
 */
final class StrictObjects {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .annotationIntrospector(new NothingElse())
          .build();

  private final Map<String, Class<? extends HasMetadata>> models = new HashMap<>();
  private final CustomResources definitions = new CustomResources();

  StrictObjects() {
    ServiceLoader.load(KubernetesResource.class).stream()
        .map(ServiceLoader.Provider::type)
        .filter(HasMetadata.class::isAssignableFrom)
        .map(type -> type.<HasMetadata>asSubclass(HasMetadata.class))
        .forEach(m -> models.put(HasMetadata.getApiVersion(m) + " " + HasMetadata.getKind(m), m));
  }

  /** What Kubernetes does not know, or takes for something else than it says. */
  List<String> mistakes(JsonNode object) {
    String type = object.path("apiVersion").asText() + " " + object.path("kind").asText();
    Class<? extends HasMetadata> model = models.get(type);
    if (model == null) {
      return definitions.mistakes(object);
    }
    try {
      JsonNode read = JSON.readTree(JSON.writeValueAsString(JSON.treeToValue(object, model)));
      JsonNode said = bare(object.deepCopy());
      JsonNode understood = bare(read);
      return said.equals(understood) ? List.of() : List.of(said + " is read as " + understood);
    } catch (JsonProcessingException e) {
      return List.of(e.getMessage());
    }
  }

  /** Takes out what is empty: it says as much as what is not there. */
  private static JsonNode bare(JsonNode node) {
    node.forEach(StrictObjects::bare);
    if (node instanceof ObjectNode object) {
      object.properties().removeIf(field -> empty(field.getValue()));
    } else if (node instanceof ArrayNode array) {
      array.removeIf(StrictObjects::empty);
    }
    return node;
  }

  private static boolean empty(JsonNode node) {
    return node.isNull() || (node.isContainerNode() && node.isEmpty());
  }

  /** The models keep what they do not know; here it is an error. */
  private static final class NothingElse extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return Boolean.FALSE;
    }
  }
}
