package io.qanat.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pipeline runs what is pinned, with the rights that it needs. */
class PipelineTest {
  private static final Path WORKFLOWS = Path.of(".github/workflows");
  private static final Pattern USES = Pattern.compile("(?m)^ *(?:- )?uses: (.*)$");
  private static final Pattern SCRIPT = Pattern.compile("(?m)run: ((?:\\.ci|image)/\\S+)");

  static List<Path> workflows() throws IOException {
    try (Stream<Path> files = Files.list(WORKFLOWS)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void pinsActionsByCommitAndSaysTheirVersion(Path file) throws IOException {
    assertThat(USES.matcher(Files.readString(file)).results().map(use -> use.group(1)))
        .isNotEmpty()
        .allMatch(use -> use.matches("[\\w-]+/[\\w-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+"));
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void letsNoJobWriteUnlessItSaysSo(Path file) throws IOException {
    Yaml workflow = Yaml.parse(Files.readString(file));

    assertThat(workflow.find("permissions")).isPresent();
    assertThat(workflow.at("permissions").fields().values())
        .allMatch(right -> right.text().equals("read"));
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void runsScriptsThatThereAre(Path file) throws IOException {
    assertThat(SCRIPT.matcher(Files.readString(file)).results().map(run -> run.group(1)))
        .allMatch(script -> Files.isExecutable(Path.of(script)));
  }
}
