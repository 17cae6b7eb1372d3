package io.qanat.chart;

import static io.qanat.chart.Rendering.each;
import static io.qanat.chart.Rendering.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.qanat.k8s.Manifests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the chart sets are properties of Spring Boot and Camel, in one of the ways to write them.
 */
final class SettingsPolicy {
  private static final List<String> OWNERS =
      List.of("qanat", "spring", "camel", "server", "management");
  private static final Pattern PROPERTY =
      Pattern.compile("qanat[.][a-z0-9.-]*[a-z0-9]|QANAT_[A-Z0-9_]+");
  private static final Set<String> KNOWN = known();

  private SettingsPolicy() {}

  /** What the libraries on the class path say of themselves. */
  private static Set<String> known() {
    try {
      ClassLoader loader = SettingsPolicy.class.getClassLoader();
      Set<String> known = new HashSet<>();
      for (URL url :
          Collections.list(loader.getResources("META-INF/spring-configuration-metadata.json"))) {
        try (InputStream metadata = url.openStream()) {
          each(new JsonMapper().readTree(metadata).path("properties"))
              .forEach(property -> known.add(uniform(text(property, "/name"))));
        }
      }
      String manual = Manifests.text(Path.of("docs/operating.md"));
      PROPERTY.matcher(manual).results().forEach(name -> known.add(uniform(name.group())));
      Set<String> own = new HashSet<>();
      leaves("", Manifests.one(Path.of("src/main/resources/application.yaml")), own);
      own.forEach(name -> known.add(uniform(name)));
      return known;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<String> unknown(Rendering rendering) {
    Set<String> set = new TreeSet<>();
    leaves("", rendering.config(), set);
    rendering.pods().stream()
        .flatMap(pod -> pod.containers().stream())
        .flatMap(container -> each(container.path("env")))
        .forEach(env -> set.add(text(env, "/name")));
    return unknown(set);
  }

  /** Which of these are ours or our libraries' by their beginning, but none that is known. */
  static Stream<String> unknown(Collection<String> names) {
    return names.stream()
        .filter(name -> OWNERS.contains(name.toLowerCase(Locale.ROOT).split("[._]", 2)[0]))
        .filter(name -> !KNOWN.contains(uniform(name)))
        .map(name -> name + " is not known");
  }

  private static void leaves(String path, JsonNode node, Set<String> leaves) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              field ->
                  leaves(
                      path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                      field.getValue(),
                      leaves));
    } else {
      leaves.add(path);
    }
  }

  /** Spring takes a-b.c, A_B_C and the like for one name. */
  private static String uniform(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
  }
}
