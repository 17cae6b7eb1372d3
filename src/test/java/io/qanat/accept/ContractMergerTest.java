package io.qanat.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractMergerTest {
  private static final String CONTRACT =
      """
      openapi: 3.0.3
      info: {title: %1$s, version: "1", description: The %1$s}
      paths:
        /%1$s/{id}:
          get:
            operationId: get-%1$s
            responses: {"200": {description: ok}}
      components:
        schemas:
          Shared: {type: string}
          %1$s: {type: object}
      """;

  @TempDir private Path folder;

  private Path contract(String name, String yaml) throws IOException {
    return Files.writeString(folder.resolve(name), yaml);
  }

  @Test
  void joinsContractsAndMarksEachOperationWithItsFlow() throws IOException {
    JsonNode merged =
        new ContractMerger("v1")
            .add("a", contract("a.yaml", CONTRACT.formatted("a")))
            .add("b", contract("b.yaml", CONTRACT.formatted("b")))
            .merged();

    assertThat(merged.at("/paths/~1a~1{id}/get/x-qanat-flow").asText()).isEqualTo("a");
    assertThat(merged.at("/paths/~1b~1{id}/get/x-qanat-flow").asText()).isEqualTo("b");
    assertThat(merged.at("/components/schemas").size())
        .as("equal components are shared")
        .isEqualTo(3);
  }

  @Test
  void namesBothFilesThatClaimOnePathWhateverItsParameterIsCalled() throws IOException {
    ContractMerger merger =
        new ContractMerger("v1").add("a", contract("a.yaml", CONTRACT.formatted("a")));
    Path other = contract("b.yaml", CONTRACT.formatted("b").replace("/b/{id}", "/a/{key}"));

    assertThatThrownBy(() -> merger.add("b", other))
        .hasMessageContaining("a.yaml")
        .hasMessageContaining("b.yaml")
        .hasMessageContaining("path /a/{}");
  }

  @Test
  void namesBothFilesThatClaimOneOperationIdOrComponent() throws IOException {
    ContractMerger merger =
        new ContractMerger("v1").add("a", contract("a.yaml", CONTRACT.formatted("a")));
    Path operation = contract("b.yaml", CONTRACT.formatted("b").replace("get-b", "get-a"));
    Path component =
        contract(
            "c.yaml",
            CONTRACT.formatted("c").replace("Shared: {type: string}", "Shared: {type: number}"));

    assertThatThrownBy(() -> merger.add("b", operation))
        .hasMessageContaining("a.yaml and")
        .hasMessageContaining("operationId get-a");
    assertThatThrownBy(() -> merger.add("c", component))
        .hasMessageContaining("components/schemas/Shared");
  }

  @Test
  void keepsWhatAnOperationSaysOfLoginAndGivesItWhatItsOwnContractSaysForAll() throws IOException {
    String secured =
        CONTRACT.formatted("a")
            + "  securitySchemes: {operator: {type: http, scheme: basic}}\nsecurity: [{operator: []}]\n";
    String open =
        secured
            .replace("/a/", "/c/")
            .replace("get-a", "get-c")
            .replace("200", "201")
            .replace("responses", "security: []\n      responses");

    JsonNode merged =
        new ContractMerger("v1")
            .add("a", contract("a.yaml", secured))
            .add("b", contract("b.yaml", CONTRACT.formatted("b")))
            .add("c", contract("c.yaml", open))
            .merged();

    assertThat(merged.at("/components/securitySchemes/operator/scheme").asText())
        .isEqualTo("basic");
    assertThat(merged.at("/paths/~1a~1{id}/get/security/0").has("operator")).isTrue();
    assertThat(merged.at("/paths/~1b~1{id}/get").has("security")).isFalse();
    assertThat(merged.at("/paths/~1c~1{id}/get/security")).isEmpty();
  }

  @Test
  void refusesAnotherVersionOfOpenApi() throws IOException {
    Path newer = contract("a.yaml", CONTRACT.formatted("a").replace("3.0.3", "3.1.0"));

    assertThatThrownBy(() -> new ContractMerger("v1").add("a", newer))
        .hasMessageContaining("must be OpenAPI 3.0.x");
  }
}
