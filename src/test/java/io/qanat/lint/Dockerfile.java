package io.qanat.lint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A Dockerfile as its stages, in the order in which they stand.
 *
 * @param stages by name
 */
record Dockerfile(Map<String, Stage> stages) {
  /** One line, put together from those that it was continued on. */
  record Instruction(String word, String rest) {
    /** What it takes, without its options. */
    List<String> arguments() {
      return Arrays.stream(rest.split("\\s+", -1)).filter(a -> !a.startsWith("--")).toList();
    }
  }

  /**
   * A stage.
   *
   * @param base an image, or the name of an earlier stage
   * @param own its instructions, without those of its base
   */
  record Stage(String name, String base, List<Instruction> own) {}

  static Dockerfile read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, Stage> stages = new LinkedHashMap<>();
    List<Instruction> own = new ArrayList<>();
    for (String line :
        text.replaceAll("(?m)^#.*\\R", "").replaceAll("\\\\\\R\\s*", "").split("\\R", -1)) {
      if (line.isBlank()) {
        continue;
      }
      String[] words = line.strip().split("\\s+", 2);
      Instruction instruction = new Instruction(words[0], words[1]);
      if (instruction.word().equals("FROM")) {
        // FROM <base> AS <name>
        List<String> from = instruction.arguments();
        own = new ArrayList<>();
        stages.put(from.get(2), new Stage(from.get(2), from.get(0), own));
      } else {
        own.add(instruction);
      }
    }
    return new Dockerfile(stages);
  }

  /** The instructions of a stage after those of the stages that it builds on. */
  Stream<Instruction> instructions(String name, String word) {
    Stage stage = stages.get(name);
    return stage == null
        ? Stream.of()
        : Stream.concat(
            instructions(stage.base(), word),
            stage.own().stream().filter(i -> i.word().equals(word)));
  }

  /** The last of those instructions, which is the one that counts; empty if there is none. */
  String last(String name, String word) {
    return instructions(name, word).map(Instruction::rest).reduce("", (before, last) -> last);
  }
}
