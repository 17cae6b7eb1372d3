package io.qanat.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.FlowPage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page on adding a flow says to write keeps to the conventions. */
class FlowPageTest {
  @TempDir Path home;

  @Test
  void findsNothingInTheFlowOfThePage() {
    FlowPage page = new FlowPage();
    page.write(home);
    House house = House.of(Path.of(""), home);

    assertThat(page.files()).hasSize(7);
    assertThat(house.files().keySet())
        .containsAll(
            page.files().keySet().stream()
                .filter(f -> !f.contains("mapping") && !f.contains("query."))
                .toList());
    assertThat(house.findings()).isEmpty();
  }
}
