package io.qanat.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Kustomize, where the machine has it, alone or in kubectl. */
final class Kustomize {
  private Kustomize() {}

  /** The command that renders a folder; empty where there is none. */
  static Optional<List<String>> command() {
    return program("kustomize")
        .map(kustomize -> List.of(kustomize, "build"))
        .or(() -> program("kubectl").map(kubectl -> List.of(kubectl, "kustomize")));
  }

  private static Optional<String> program(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  /** What a folder is rendered to; a warning counts as a failure. */
  static List<JsonNode> build(Path folder) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(command().orElseThrow());
    command.add(folder.toString());
    Path warnings = Files.createTempFile("kustomize", ".err");
    try {
      Process process = new ProcessBuilder(command).redirectError(warnings.toFile()).start();
      String manifests =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exit = process.waitFor();
      String said = Files.readString(warnings);
      if (exit != 0 || !said.isBlank()) {
        throw new IllegalStateException(folder + ": " + said);
      }
      return Manifests.parse(manifests);
    } finally {
      Files.delete(warnings);
    }
  }
}
