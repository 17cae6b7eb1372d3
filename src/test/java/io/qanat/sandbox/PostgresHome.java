package io.qanat.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where PostgreSQL keeps its data and as whom it runs. It refuses to run as root: then the folder
 * lies outside the checkout, belongs to another user, and is found again through a link.
 *
 * @param folder the private folder
 * @param as what to put before a command so that it runs as the folder's owner
 */
record PostgresHome(Path folder, List<String> as) {
  private static final Path PRIVATE = Path.of("/var/tmp");
  private static final String NAME = "qanat-sandbox-";

  static PostgresHome prepare(Path folder) {
    try {
      Files.createDirectories(folder);
      if (!"root".equals(System.getProperty("user.name"))) {
        return new PostgresHome(folder, List.of());
      }
      String user =
          Stream.of("postgres", "nobody")
              .filter(
                  name -> Commands.output(List.of("runuser", "-u", name, "--", "true")).isPresent())
              .findFirst()
              .orElseThrow(
                  () -> new SandboxException("PostgreSQL refuses root: run as another user"));
      Path home = PRIVATE.resolve(NAME + hash(folder.toRealPath().toString()));
      if (Files.notExists(home, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(
            home,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setOwner(
            home,
            FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(user));
      } else if (!user.equals(Files.getOwner(home, LinkOption.NOFOLLOW_LINKS).getName())) {
        throw new SandboxException(home + " does not belong to " + user + ": remove it");
      }
      Path link = link(folder);
      if (Files.notExists(link, LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(link, home);
      }
      return new PostgresHome(home, List.of("runuser", "-u", user, "--"));
    } catch (IOException e) {
      throw new SandboxException("No folder for PostgreSQL: " + e.getMessage(), e);
    }
  }

  /** The private folder that the folder's link leads to; the folder itself when it has none. */
  static Path find(Path folder) throws IOException {
    Path link = link(folder);
    if (!Files.isSymbolicLink(link)) {
      return folder;
    }
    Path home = Files.readSymbolicLink(link);
    // Only what this class made may be deleted through its link.
    boolean own =
        PRIVATE.equals(home.getParent()) && home.getFileName().toString().startsWith(NAME);
    return own ? home : folder;
  }

  private static Path link(Path folder) {
    return folder.resolve("data");
  }

  private static String hash(String path) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
