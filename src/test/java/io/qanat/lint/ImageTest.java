package io.qanat.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.image.TrainingRun;
import io.qanat.lint.Dockerfile.Instruction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Dockerfile fits the project: what can be told without a Docker engine. */
class ImageTest {
  private static final Dockerfile FILE = Dockerfile.read(Path.of("Dockerfile"));

  @Test
  void pinsItsBasesByTag() {
    assertThat(FILE.stages().values())
        .filteredOn(stage -> !FILE.stages().containsKey(stage.base()))
        .isNotEmpty()
        .allSatisfy(
            stage -> assertThat(stage.base()).matches("\\S+:[\\w.-]+").doesNotEndWith(":latest"));
  }

  @Test
  void copiesWhatThereIsAndDockerMaySee() throws IOException {
    List<String> sources =
        FILE.stages().values().stream()
            .flatMap(stage -> stage.own().stream())
            .filter(i -> i.word().equals("COPY") && !i.rest().contains("--from="))
            .map(Instruction::arguments)
            .flatMap(arguments -> arguments.subList(0, arguments.size() - 1).stream())
            .toList();
    List<String> seen =
        Files.readAllLines(Path.of(".dockerignore")).stream()
            .filter(line -> line.startsWith("!"))
            .map(line -> line.substring(1))
            .toList();

    assertThat(sources)
        .contains("routes", "kamelets")
        .allMatch(source -> Files.exists(Path.of(source)));
    assertThat(seen).hasSameElementsAs(sources);
  }

  @Test
  void copiesFromStagesThatAreThereBefore() {
    List<String> names = List.copyOf(FILE.stages().keySet());
    FILE.stages()
        .values()
        .forEach(
            stage ->
                stage.own().stream()
                    .flatMap(i -> Pattern.compile("--from=(\\S+)").matcher(i.rest()).results())
                    .forEach(
                        from ->
                            assertThat(names.subList(0, names.indexOf(stage.name())))
                                .contains(from.group(1))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hub", "sandbox"})
  void runsAsNobodyAndWithoutAShell(String stage) {
    assertThat(FILE.last(stage, "USER")).isEqualTo("65532:65532");
    assertThat(FILE.last(stage, "ENTRYPOINT")).startsWith("[\"java\"");
    assertThat(FILE.stages().get("runtime").own()).noneMatch(i -> i.word().equals("RUN"));
    assertThat(FILE.stages().get(stage).own()).noneMatch(i -> i.word().equals("RUN"));
  }

  @Test
  void exposesThePortsOfTheHub() throws IOException {
    Yaml settings = Yaml.parse(Files.readString(Path.of("src/main/resources/application.yaml")));
    String grpc = Files.readString(Path.of("src/main/java/io/qanat/grpc/GrpcProperties.java"));

    assertThat(List.of(FILE.last("hub", "EXPOSE").split(" ", -1)))
        .containsExactly(
            settings.textAt("server", "port"),
            settings.textAt("management", "server", "port"),
            Pattern.compile("@DefaultValue\\(\"(\\d+)\"\\) int port")
                .matcher(grpc)
                .results()
                .map(port -> port.group(1))
                .collect(Collectors.joining()));
  }

  @Test
  void setsPropertiesThatThereAre() throws IOException {
    List<String> names =
        Pattern.compile("(?:^|\\s)([A-Z_]+)=")
            .matcher(FILE.last("hub", "ENV"))
            .results()
            .map(name -> name.group(1))
            .filter(name -> !name.startsWith("JAVA_"))
            .toList();

    assertThat(names).hasSize(4);
    assertThat(Settings.environmentNames()).containsAll(names);
  }

  @Test
  void runsWithTheCollectorOfItsTraining() {
    assertThat(FILE.last("hub", "ENTRYPOINT"))
        .contains("\"%s\"".formatted(TrainingRun.COLLECTOR), "\"-XX:AOTCache=/app/qanat.aot\"");
    assertThat(FILE.last("hub", "ENV")).doesNotContain("UseSerialGC", "-Xmx");
  }

  @Test
  void saysWhatItIs() {
    String labels =
        FILE.instructions("hub", "LABEL").map(Instruction::rest).collect(Collectors.joining());
    assertThat(Stream.of("title", "description", "source", "licenses", "version", "revision"))
        .allMatch(label -> labels.contains("org.opencontainers.image." + label + "="));
  }
}
