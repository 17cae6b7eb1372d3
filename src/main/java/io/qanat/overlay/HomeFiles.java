package io.qanat.overlay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of one folder of routes and kamelets, by where they belong in a home. The folder is
 * laid out like a home, or flat, as Kubernetes mounts a ConfigMap, whose keys have no slash: {@code
 * <flow>__<file>} and {@code kamelets__<file>}.
 */
final class HomeFiles {
  private static final String ROUTES = "routes";
  private static final String KAMELETS = "kamelets";
  private static final List<String> FOLDERS = List.of(ROUTES, KAMELETS);
  private static final String SLASH = "__";
  private static final Pattern KEY =
      Pattern.compile("[a-z][a-z0-9-]*(" + SLASH + "[A-Za-z0-9][A-Za-z0-9.-]*(_[A-Za-z0-9.-]+)*)+");

  private HomeFiles() {}

  /**
   * The files of an overlay, each under its path in a home, such as {@code
   * routes/contacts/contacts.openapi.yaml}.
   *
   * @throws IllegalStateException that names what is no folder, or fits neither form
   */
  static Map<String, Path> ofOverlay(Path overlay) {
    if (!Files.isDirectory(overlay)) {
      throw new IllegalStateException(
          "qanat.overlay names %s, which is no folder".formatted(overlay));
    }
    Map<String, Path> files = new TreeMap<>();
    for (Path child : children(overlay)) {
      String name = child.getFileName().toString();
      if (Files.isDirectory(child) && FOLDERS.contains(name)) {
        add(files, name, child);
      } else if (Files.isRegularFile(child) && KEY.matcher(name).matches()) {
        String path = name.replace(SLASH, "/");
        files.put(path.startsWith(KAMELETS + "/") ? path : ROUTES + "/" + path, child);
      } else {
        throw new IllegalStateException(
            "%s is neither routes/, kamelets/, <flow>__<file> nor kamelets__<file>, which is all that an overlay may hold"
                .formatted(child));
      }
    }
    return files;
  }

  /** The routes and kamelets of a home. */
  static Map<String, Path> ofHome(Path home) {
    Map<String, Path> files = new TreeMap<>();
    for (String folder : FOLDERS) {
      if (Files.isDirectory(home.resolve(folder))) {
        add(files, folder, home.resolve(folder));
      }
    }
    return files;
  }

  private static void add(Map<String, Path> files, String at, Path folder) {
    for (Path child : children(folder)) {
      String path = at + "/" + child.getFileName();
      if (Files.isDirectory(child)) {
        add(files, path, child);
      } else {
        files.put(path, child);
      }
    }
  }

  /**
   * What begins with two dots is how Kubernetes changes all files of a mount at once; a link of a
   * key that is gone leads nowhere for a moment.
   */
  private static List<Path> children(Path folder) {
    try (Stream<Path> children = Files.list(folder)) {
      return children
          .filter(c -> !c.getFileName().toString().startsWith("..") && Files.exists(c))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("%s cannot be read".formatted(folder), e);
    }
  }
}
