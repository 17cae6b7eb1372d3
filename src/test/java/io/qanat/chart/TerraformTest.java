package io.qanat.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.k8s.Manifests;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the example of AWS ECS gives to hubs. */
class TerraformTest {
  private static final Pattern VARIABLE =
      Pattern.compile("\\b(?:QANAT|CAMEL|SPRING|SERVER|MANAGEMENT)_[A-Z0-9_]+");

  @Test
  void setsOnlyWhatTheHubKnows() {
    Set<String> names = new TreeSet<>();
    for (Path file : Manifests.below(Path.of("terraform/examples/aws-ecs"), ".tf")) {
      VARIABLE.matcher(Manifests.text(file)).results().forEach(name -> names.add(name.group()));
    }

    assertThat(names).contains("QANAT_FLOWS", "QANAT_KAFKA_BOOTSTRAPSERVERS");
    assertThat(SettingsPolicy.unknown(names)).isEmpty();
  }
}
