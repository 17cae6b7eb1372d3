package io.qanat.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds the routes, kamelets and contracts of this repository against the conventions. */
class RoutesLintTest {
  private static final House HOUSE = House.of(Path.of(""));

  @Test
  void findsNothingInTheRepository() {
    assertThat(HOUSE.findings())
        .as(
            HOUSE.findings().stream()
                .map(finding -> "\n" + finding)
                .collect(Collectors.joining("", "Breaches of docs/conventions.md:", "\n")))
        .isEmpty();
  }

  @Test
  void findsRoutesToLookAt() {
    assertThat(HOUSE.all()).extracting(LintFile::kind).contains(LintFile.Kind.values());
  }
}
