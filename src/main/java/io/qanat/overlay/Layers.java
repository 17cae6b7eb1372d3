package io.qanat.overlay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A home and the overlays on it, of which a later one wins.
 *
 * @param home the folder of {@code routes/} and {@code kamelets/}
 * @param overlays folders whose files replace or add to those of the home
 */
record Layers(Path home, List<Path> overlays) {
  Layers {
    overlays = List.copyOf(overlays);
  }

  /**
   * The file that counts for each path in the home.
   *
   * @throws IllegalStateException that says what is wrong with an overlay
   */
  Map<String, Path> files() {
    Map<String, Path> files = new TreeMap<>(HomeFiles.ofHome(home));
    overlays.forEach(overlay -> files.putAll(HomeFiles.ofOverlay(overlay)));
    return files;
  }

  /** What each overlay changes, and which of two that have the same file wins, in lines to log. */
  List<String> told() {
    Map<String, Path> owners = new TreeMap<>();
    HomeFiles.ofHome(home).keySet().forEach(path -> owners.put(path, home));
    List<String> lines = new ArrayList<>();
    for (Path overlay : overlays) {
      List<String> replaced = new ArrayList<>();
      List<String> added = new ArrayList<>();
      for (String path : HomeFiles.ofOverlay(overlay).keySet()) {
        Path before = owners.put(path, overlay);
        (before == null ? added : replaced).add(path);
        if (before != null && !before.equals(home)) {
          lines.add("%s is that of %s, not of %s".formatted(path, overlay, before));
        }
      }
      lines.add("The overlay %s replaces %s and adds %s".formatted(overlay, replaced, added));
    }
    return lines;
  }

  /** Copies the files that count into a folder, which is a home then. */
  void assemble(Path to) {
    files()
        .forEach(
            (path, file) -> {
              try {
                Path target = to.resolve(path);
                Files.createDirectories(target.getParent());
                // Not with the rights of the source, which may be for others than this user.
                Files.write(target, Files.readAllBytes(file));
              } catch (IOException e) {
                throw new UncheckedIOException("%s cannot be copied".formatted(file), e);
              }
            });
  }
}
