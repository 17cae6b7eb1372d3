package io.qanat.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documentation lists the rules that there are, in their own words. */
class ConventionsDocTest {
  private static final Path DOCUMENT = Path.of("docs/conventions.md");
  private static final Path EXPECTED = Path.of("target/conventions-table.md");

  @Test
  void listsEveryRuleWithItsWhy() throws IOException {
    String table =
        Stream.of(Rule.values())
            .map(
                rule ->
                    "| `%s` | %s | %s |\n".formatted(rule.id(), rule.about(), escape(rule.why())))
            .collect(Collectors.joining("", "| rule | about | why |\n|---|---|---|\n", ""));
    Files.writeString(EXPECTED, table);

    assertThat(DOCUMENT).content().as("paste %s", EXPECTED).contains(table);
    assertThat(Files.readString(DOCUMENT).lines().filter(line -> line.startsWith("| `")))
        .hasSize(Rule.values().length);
  }

  private static String escape(String why) {
    return why.replace("|", "\\|").replace("<", "&lt;");
  }
}
