package io.qanat.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.HubProperties.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
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

  private static final Set<Role> ALL = EnumSet.allOf(Role.class);

  @TempDir private Path folder;

  private Path contract(String name, String yaml) throws IOException {
    return Files.writeString(folder.resolve(name), yaml);
  }

  @Test
  void joinsContractsAndMarksEachOperationWithItsRoute() throws IOException {
    JsonNode merged =
        new ContractMerger("v1")
            .add("a", contract("a.yaml", CONTRACT.formatted("a")), ALL)
            .add("b", contract("b.yaml", CONTRACT.formatted("b")), ALL)
            .merged();

    assertThat(merged.at("/paths/~1a~1{id}/get/x-qanat-route").asText()).isEqualTo("a-accept-rest");
    assertThat(merged.at("/paths/~1b~1{id}/get/x-qanat-route").asText()).isEqualTo("b-accept-rest");
    assertThat(merged.at("/components/schemas").size())
        .as("equal components are shared")
        .isEqualTo(3);
  }

  @Test
  void namesBothFilesThatClaimOnePathWhateverItsParameterIsCalled() throws IOException {
    ContractMerger merger =
        new ContractMerger("v1").add("a", contract("a.yaml", CONTRACT.formatted("a")), ALL);
    Path other = contract("b.yaml", CONTRACT.formatted("b").replace("/b/{id}", "/a/{key}"));

    assertThatThrownBy(() -> merger.add("b", other, ALL))
        .hasMessageContaining("a.yaml")
        .hasMessageContaining("b.yaml")
        .hasMessageContaining("path /a/{}");
  }

  @Test
  void namesBothFilesThatClaimOneOperationIdOrComponent() throws IOException {
    ContractMerger merger =
        new ContractMerger("v1").add("a", contract("a.yaml", CONTRACT.formatted("a")), ALL);
    Path operation = contract("b.yaml", CONTRACT.formatted("b").replace("get-b", "get-a"));
    Path component =
        contract(
            "c.yaml",
            CONTRACT.formatted("c").replace("Shared: {type: string}", "Shared: {type: number}"));

    assertThatThrownBy(() -> merger.add("b", operation, ALL))
        .hasMessageContaining("a.yaml and")
        .hasMessageContaining("operationId get-a");
    assertThatThrownBy(() -> merger.add("c", component, ALL))
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
            .add("a", contract("a.yaml", secured), ALL)
            .add("b", contract("b.yaml", CONTRACT.formatted("b")), ALL)
            .add("c", contract("c.yaml", open), ALL)
            .merged();

    assertThat(merged.at("/components/securitySchemes/operator/scheme").asText())
        .isEqualTo("basic");
    assertThat(merged.at("/paths/~1a~1{id}/get/security/0").has("operator")).isTrue();
    assertThat(merged.at("/paths/~1b~1{id}/get").has("security")).isFalse();
    assertThat(merged.at("/paths/~1c~1{id}/get/security")).isEmpty();
  }

  @Test
  void takesOverOnlyTheOperationsOfTheRolesThatRunHere() throws IOException {
    String both =
        CONTRACT
            .formatted("a")
            .replace("operationId: get-a", "operationId: get-a\n      x-qanat-role: query");
    Path file = contract("a.yaml", both);

    JsonNode queries = new ContractMerger("v1").add("a", file, Set.of(Role.QUERY)).merged();
    JsonNode accepts = new ContractMerger("v1").add("a", file, Set.of(Role.ACCEPT)).merged();

    assertThat(queries.at("/paths/~1a~1{id}/get/x-qanat-route").asText()).isEqualTo("a-query-rest");
    assertThat(accepts.path("paths")).isEmpty();
  }

  @Test
  void refusesARoleThatTakesNoRequests() throws IOException {
    Path file =
        contract(
            "a.yaml",
            CONTRACT.formatted("a").replace("get-a", "get-a\n      x-qanat-role: deliver"));

    assertThatThrownBy(() -> new ContractMerger("v1").add("a", file, ALL))
        .hasMessageContaining("a.yaml: x-qanat-role of get-a must be accept or query, not deliver");
  }

  @Test
  void refusesAnotherVersionOfOpenApi() throws IOException {
    Path newer = contract("a.yaml", CONTRACT.formatted("a").replace("3.0.3", "3.1.0"));

    assertThatThrownBy(() -> new ContractMerger("v1").add("a", newer, ALL))
        .hasMessageContaining("must be OpenAPI 3.0.x");
  }
}
