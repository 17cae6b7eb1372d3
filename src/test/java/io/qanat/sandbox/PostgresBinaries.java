package io.qanat.sandbox;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * PostgreSQL's programs: the system's, or those that come as a jar.
 *
 * @param bin the folder that holds {@code initdb} and {@code pg_ctl}
 * @param kind where they come from
 */
record PostgresBinaries(Path bin, String kind) {
  private static final List<Path> FOLDERS =
      List.of(
          Path.of("/usr/lib/postgresql"),
          Path.of("/opt/homebrew/opt"),
          Path.of("/usr/local/opt"),
          Path.of("/usr"));

  /** The newest ones that the system has. */
  static Optional<PostgresBinaries> system(boolean withPostgis) {
    return Stream.concat(
            Commands.output(List.of("pg_config", "--bindir")).map(Path::of).stream(),
            FOLDERS.stream().flatMap(PostgresBinaries::below))
        .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
        .map(bin -> new PostgresBinaries(bin, "system"))
        .filter(found -> !withPostgis || found.hasPostgis())
        .max(Comparator.comparing(PostgresBinaries::major));
  }

  /**
   * Those of the jar, unpacked once below the folder; nothing when it has none for this machine.
   */
  static Optional<PostgresBinaries> embedded(Path folder) {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").replace("aarch64", "arm_64");
    String archive =
        "/postgres-%s-%s.txz"
            .formatted(os.startsWith("mac") ? "darwin" : os, arch.replace("amd64", "x86_64"));
    try (InputStream packed = PostgresBinaries.class.getResourceAsStream(archive)) {
      if (packed == null) {
        return Optional.empty();
      }
      Path home = folder.resolve("programs");
      if (Files.notExists(home.resolve("complete"))) {
        unpack(packed, home);
        Files.createFile(home.resolve("complete"));
      }
      return Optional.of(new PostgresBinaries(home.resolve("bin"), "embedded"));
    } catch (IOException e) {
      throw new SandboxException("PostgreSQL cannot be unpacked: " + e.getMessage(), e);
    }
  }

  /** Its major version: data of one is nothing for another. */
  int major() {
    return Commands.output(List.of(program("postgres"), "--version"))
        .map(version -> version.replaceFirst("\\D*(\\d+).*", "$1"))
        .map(Integer::valueOf)
        .orElse(0);
  }

  String program(String name) {
    return bin.resolve(name).toString();
  }

  private boolean hasPostgis() {
    return Commands.output(List.of(program("pg_config"), "--sharedir"))
        .map(share -> Path.of(share, "extension", "postgis.control"))
        .filter(Files::exists)
        .isPresent();
  }

  private static Stream<Path> below(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.resolve("bin")).toList().stream();
    } catch (IOException absent) {
      return Stream.empty();
    }
  }

  private static void unpack(InputStream packed, Path home) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(packed)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = home.resolve(entry.getName()).normalize();
        if (!target.startsWith(home)) {
          throw new IOException("An entry leaves the folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
          continue;
        }
        Files.createDirectories(target.getParent());
        Files.deleteIfExists(target);
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, target);
          Files.setPosixFilePermissions(
              target,
              PosixFilePermissions.fromString(
                  (entry.getMode() & 0100) == 0 ? "rw-r--r--" : "rwxr-xr-x"));
        }
      }
    }
  }
}
