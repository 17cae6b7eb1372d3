package io.qanat.sandbox.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Runs jsforce, unmodified, against the stand-in; needs npm on the path. */
class JsforceClientIT {
  private static final Path SOURCE = Path.of("src", "test", "js", "jsforce");
  private static final Path WORK = Path.of("target", "jsforce");

  @Test
  void servesJsforceAsItIs() throws IOException, InterruptedException {
    assumeTrue(isOnThePath("npm"), "npm is not on the path");
    Files.createDirectories(WORK);
    for (String file : List.of("package.json", "package-lock.json", "check.mjs")) {
      Files.writeString(WORK.resolve(file), Files.readString(SOURCE.resolve(file)));
    }
    run(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"));

    try (SandboxSalesforce sandbox = SandboxSalesforce.start(0)) {
      String output = run(List.of("node", "check.mjs", sandbox.url().toString()));

      assertThat(output).contains("upserted 450 contacts").contains("deleted 450 contacts");
      assertThat(SandboxClient.loggedIn(sandbox.url()).stats().path("recordsWritten").asInt())
          .isEqualTo(451);
    }
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Path log = Files.createTempFile(WORK, "run", ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(WORK.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      boolean ended = process.waitFor(3, TimeUnit.MINUTES);
      String output = Files.readString(log, StandardCharsets.UTF_8);
      assertThat(ended && process.exitValue() == 0).as(output).isTrue();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  private static boolean isOnThePath(String program) {
    return List.of(System.getenv("PATH").split(File.pathSeparator, -1)).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
