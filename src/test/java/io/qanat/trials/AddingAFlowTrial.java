package io.qanat.trials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.qanat.FlowPage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Somebody follows the page on adding a flow to the letter. */
@ExtendWith(World.Shared.class)
class AddingAFlowTrial {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path home;

  @Test
  @DisplayName("T33 a flow is added as its page says")
  void addsAFlowThatWorksAsThePageSays(World world) throws Exception {
    FlowPage page = new FlowPage();
    Homes.copy(home);
    page.write(home);
    Map<String, String> properties = world.properties();
    properties.put("qanat.home", home.toString());
    properties.put("qanat.flows", "parcels");
    try (HubProcess hub = new HubProcess("adding-a-flow", properties)) {
      hub.start();

      List<JsonNode> answers = new ArrayList<>();
      for (String command : page.commands()) {
        answers.add(run(command.replace("http://127.0.0.1:8080", hub.url().toString())));
      }

      assertThat(answers).hasSize(4);
      assertThat(answers.get(0).path("state").asText()).isEqualTo("delivered");
      assertThat(answers.get(1).path("parcelId").asText()).isEqualTo("P-1");
      assertThat(answers.get(1).path("place").asText()).isEqualTo("Yazd");
      assertThat(answers.get(2)).containsExactly(answers.get(1));
      assertThat(answers.get(3).path("status").asInt()).isEqualTo(400);
      assertThat(answers.get(3).path("errors").findValuesAsText("pointer"))
          .containsExactlyInAnyOrder("#/place", "#/weight");
    }
  }

  private static JsonNode run(String command) throws IOException, InterruptedException {
    Process shell = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
    String output = new String(shell.getInputStream().readAllBytes(), UTF_8);
    assertThat(shell.waitFor()).as("%s printed %s", command, output).isZero();
    return JSON.readTree(output);
  }
}
