package io.qanat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.stereotype.Component;

/**
 * The flows that this hub runs: the folders under {@code routes/}, less {@code platform}, of which
 * {@code qanat.flows} may name a few.
 */
@Component
public class Flows {
  /** The folder of what every flow shares; not a flow. */
  public static final String PLATFORM = "platform";

  private final Path home;
  private final Path routes;
  private final List<String> names;

  Flows(HubProperties properties) {
    home = Path.of(properties.home());
    routes = home.resolve("routes");
    List<String> present = folders(routes);
    List<String> unknown = properties.flows().stream().filter(f -> !present.contains(f)).toList();
    if (!unknown.isEmpty()) {
      throw new IllegalStateException(
          "qanat.flows names %s, but %s holds only %s".formatted(unknown, routes, present));
    }
    names =
        present.stream()
            .filter(f -> properties.flows().isEmpty() || properties.flows().contains(f))
            .toList();
  }

  private static List<String> folders(Path routes) {
    try (var children = Files.list(routes)) {
      return children
          .filter(Files::isDirectory)
          .map(f -> f.getFileName().toString())
          .filter(f -> !f.equals(PLATFORM))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "No folder %s: qanat.home must name the folder that holds routes/ and kamelets/"
              .formatted(routes.toAbsolutePath()),
          e);
    }
  }

  /** The names of the flows that run here, in alphabetical order. */
  public List<String> names() {
    return names;
  }

  /** The folder of the routes and kamelets that run, which is a copy where there are overlays. */
  public Path home() {
    return home;
  }

  /** The folder of a flow's routes and contract. */
  public Path folder(String flow) {
    return routes.resolve(flow);
  }
}
