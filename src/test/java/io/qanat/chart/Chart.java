package io.qanat.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import io.qanat.k8s.Manifests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assumptions;
import org.springframework.util.FileSystemUtils;

/**
 * A chart, linted and rendered by Helm's own code. No cluster is asked, whatever the machine knows
 * of one.
 */
record Chart(Path folder) {
  static final Chart OURS = new Chart(Path.of("helm/qanat"));

  private static final String ENDING = "-values.yaml";
  private static final Map<String, Rendering> RENDERED = new ConcurrentHashMap<>();

  /** The names of the modes that {@code ci/} has values of. */
  static List<String> modes() {
    return Manifests.names(OURS.folder.resolve("ci"), ENDING).stream()
        .map(file -> file.substring(0, file.length() - ENDING.length()))
        .toList();
  }

  /** Our chart in a mode, with its hooks, rendered once. */
  static Rendering in(String mode) {
    return RENDERED.computeIfAbsent(mode, name -> new Rendering(renderWithHooks(name)));
  }

  /** The library renders no hooks, so that a copy calls them something else. */
  private static String renderWithHooks(String mode) {
    try {
      Path copy = Files.createTempDirectory("chart");
      try {
        FileSystemUtils.copyRecursively(OURS.folder, copy);
        for (Path template : Manifests.below(copy.resolve("templates"), ".yaml")) {
          String text = Files.readString(template);
          Files.writeString(template, text.replace("helm.sh/hook", "hooks.helm.sh/hook"));
        }
        return new Chart(copy).render(OURS.values(mode));
      } finally {
        FileSystemUtils.deleteRecursively(copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Skips the test where Helm has no code for the platform; on the one of the pipeline it must. */
  static void assumeHelm() {
    try {
      Helm.version().call();
    } catch (LinkageError | IllegalStateException e) {
      String platform = System.getProperty("os.name") + " " + System.getProperty("os.arch");
      boolean pipeline = platform.toLowerCase(Locale.ROOT).equals("linux amd64");
      Assumptions.assumeTrue(pipeline, "Helm as a library does not run on " + platform);
      throw e;
    }
  }

  Path values(String mode) {
    return folder.resolve("ci").resolve(mode + ENDING);
  }

  /**
   * Renders the chart.
   *
   * @param values files of values, of which the last counts most
   * @throws IllegalStateException with Helm's message, if it is refused
   */
  String render(Path... values) {
    TemplateCommand template =
        new Helm(folder)
            .template()
            .withName("hub")
            .withNamespace("integration")
            .withKubeVersion("1.34.0")
            .set("checkSecrets", "false");
    for (Path file : values) {
      template.withValuesFile(file);
    }
    return template.call();
  }

  /** What Helm's linter says, where a warning fails. */
  LintResult lint() {
    return new Helm(folder).lint().strict().call();
  }
}
