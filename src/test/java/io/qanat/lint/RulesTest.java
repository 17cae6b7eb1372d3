package io.qanat.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule finds what it is there for, and only that. */
class RulesTest {
  private static final Path FIXTURES = Path.of("src/test/resources/lint");
  private static final Path GOOD = FIXTURES.resolve("good");
  private static final Path BAD = FIXTURES.resolve("bad");

  @Test
  void findsNothingInAGoodHouse() {
    House house = House.of(GOOD);

    assertThat(house.all()).hasSizeGreaterThan(9);
    assertThat(house.findings()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rejectsABadFileByItsRuleAlone(Path badCase) {
    List<Finding> findings = House.of(GOOD, badCase).findings();

    assertThat(findings.stream().map(finding -> finding.rule().id()).collect(Collectors.toSet()))
        .as("%s", findings)
        .containsExactly(badCase.getParent().getFileName().toString());
    assertThat(findings).allSatisfy(finding -> assertThat(finding.line()).isPositive());
  }

  @ParameterizedTest
  @EnumSource(Rule.class)
  void hasABadFileForEachRule(Rule rule) throws IOException {
    assertThat(children(BAD.resolve(rule.id()))).isNotEmpty();
  }

  @Test
  void namesFileLineRouteAndRemedy() {
    List<Finding> findings = House.of(GOOD, BAD.resolve("route-group").resolve("other")).findings();

    assertThat(findings)
        .extracting(Finding::toString)
        .containsExactly(
            "routes/contacts/contacts-accept-rest.camel.yaml:2: contacts-accept-rest:"
                + " has the group 'people'; write group: contacts [route-group]");
  }

  static List<Path> cases() throws IOException {
    List<Path> cases = children(BAD).stream().flatMap(rule -> silently(rule).stream()).toList();
    assertThat(cases).isNotEmpty();
    return cases;
  }

  private static List<Path> silently(Path folder) {
    try {
      return children(folder);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.sorted().toList();
    }
  }
}
