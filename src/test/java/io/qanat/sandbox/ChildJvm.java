package io.qanat.sandbox;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Starts a server's main class in a JVM whose class path holds the servers' jars, not the hub's.
 */
final class ChildJvm {
  private static final Pattern BUILD_TOOL =
      Pattern.compile(".*[/\\\\](ant|plexus|maven[/\\\\]plugins)[/\\\\].*");

  private ChildJvm() {}

  static ChildProcess start(
      String name, String mainClass, String heap, Path folder, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-Xshare:auto"));
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    command.add("-Dorg.slf4j.simpleLogger.showDateTime=true");
    command.addAll(List.of("-cp", classPath(), mainClass));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    Path home = folder.toAbsolutePath();
    try {
      Files.createDirectories(home);
    } catch (IOException e) {
      throw new SandboxException("Cannot write to " + home + ": " + e.getMessage(), e);
    }
    return ChildProcess.start(name, command, Map.of(), home, home.resolve("server.log"));
  }

  static String classPath() {
    try (InputStream list = ChildJvm.class.getResourceAsStream("/sandbox-class-path.txt")) {
      if (list == null) {
        throw new SandboxException("The servers' class path is missing: run ./mvnw test-compile");
      }
      String jars = new String(list.readAllBytes(), StandardCharsets.UTF_8).strip();
      Path own =
          Path.of(ChildJvm.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Arrays.stream(jars.split(Pattern.quote(File.pathSeparator)))
          .filter(jar -> !BUILD_TOOL.matcher(jar).matches())
          .collect(Collectors.joining(File.pathSeparator, own + File.pathSeparator, ""));
    } catch (IOException | URISyntaxException e) {
      throw new SandboxException("The servers' class path cannot be read: " + e.getMessage(), e);
    }
  }
}
