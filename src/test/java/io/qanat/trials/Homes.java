package io.qanat.trials;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Folders of routes and kamelets that differ from those under trial. */
final class Homes {
  private Homes() {}

  /** Copies the routes and kamelets under trial. */
  static void copy(Path to) throws IOException {
    Path from = Path.of(World.home());
    for (String folder : List.of("routes", "kamelets")) {
      try (var files = Files.walk(from.resolve(folder))) {
        files.forEach(file -> copy(file, to.resolve(from.relativize(file).toString())));
      }
    }
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
