package io.qanat.chart;

import static io.qanat.chart.Rendering.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.k8s.Manifests;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The lanes that routes/ has. */
final class Lanes {
  /** The lane of all dead letters, which every hub that delivers has. */
  static final String PLATFORM = "platform-deliver-deadletters";

  private static final List<Lane> ALL =
      Manifests.below(Path.of("routes"), ".camel.yaml").stream()
          .filter(file -> file.getFileName().toString().contains("-deliver-"))
          .map(file -> Lane.of(Manifests.one(file).at("/route/from/parameters")))
          .filter(lane -> !lane.id().equals(PLATFORM))
          .toList();

  private Lanes() {}

  /** The lanes of flows; of all flows, if none is named. */
  static List<Lane> of(Set<String> flows) {
    return ALL.stream().filter(lane -> flows.isEmpty() || flows.contains(lane.flow())).toList();
  }

  /** All flows that deliver. */
  static Set<String> flows() {
    return ALL.stream().map(Lane::flow).collect(Collectors.toSet());
  }

  /** A flow's way to a sink. */
  record Lane(String flow, String id) {
    static Lane of(JsonNode parameters) {
      return new Lane(text(parameters, "/flow"), text(parameters, "/group"));
    }

    String sink() {
      return id.substring(id.lastIndexOf('-') + 1);
    }

    String topic() {
      return "qanat." + flow;
    }

    String deadLetters() {
      return "dlq." + flow + "." + sink();
    }

    String versions() {
      return "qanat-versions." + flow + "." + sink();
    }
  }
}
