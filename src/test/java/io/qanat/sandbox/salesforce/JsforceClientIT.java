package io.qanat.sandbox.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.qanat.sandbox.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs jsforce, unmodified, against the stand-in; needs npm on the path. */
class JsforceClientIT {
  private static final Path SOURCE = Path.of("src", "test", "js", "jsforce");
  private static final Path WORK = Path.of("target", "jsforce");

  @Test
  void servesJsforceAsItIs() throws IOException {
    assumeTrue(Programs.isOnThePath("npm"), "npm is not on the path");
    Files.createDirectories(WORK);
    for (String file : List.of("package.json", "package-lock.json", "check.mjs")) {
      Files.writeString(WORK.resolve(file), Files.readString(SOURCE.resolve(file)));
    }
    Programs.succeed(
        WORK,
        List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"));

    try (SandboxSalesforce sandbox = SandboxSalesforce.start(0)) {
      String output =
          Programs.succeed(WORK, List.of("node", "check.mjs", sandbox.url().toString()));

      assertThat(output).contains("upserted 450 contacts").contains("deleted 450 contacts");
      assertThat(SandboxClient.loggedIn(sandbox.url()).stats().path("recordsWritten").asInt())
          .isEqualTo(451);
    }
  }
}
