package io.qanat.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayersTest {
  private static final String ROUTE = "routes/contacts/contacts-deliver-salesforce.camel.yaml";
  private static final String KEY = "contacts__contacts-deliver-salesforce.camel.yaml";

  @TempDir private Path folder;
  private Path home;

  @BeforeEach
  void aHome() throws IOException {
    home = folder.resolve("home");
    write(home.resolve(ROUTE), "home");
    write(home.resolve("kamelets/a-action.kamelet.yaml"), "home");
    write(home.resolve("README.md"), "no route and no kamelet");
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Layers layers(String... overlays) {
    return new Layers(home, List.of(overlays).stream().map(folder::resolve).toList());
  }

  private String assembled(Layers layers, String path) throws IOException {
    Path to = Files.createTempDirectory(folder, "assembled");
    layers.assemble(to);
    return Files.readString(to.resolve(path));
  }

  @Test
  void takesFilesOfAFolderThatIsLaidOutLikeAHome() throws IOException {
    write(folder.resolve("over/" + ROUTE), "over");
    write(folder.resolve("over/kamelets/b-action.kamelet.yaml"), "over");

    assertThat(assembled(layers("over"), ROUTE)).isEqualTo("over");
    assertThat(assembled(layers("over"), "kamelets/b-action.kamelet.yaml")).isEqualTo("over");
    assertThat(assembled(layers("over"), "kamelets/a-action.kamelet.yaml")).isEqualTo("home");
    assertThat(layers("over").files()).doesNotContainKey("README.md");
  }

  @Test
  void passesOverTheLinkOfAKeyThatIsGone() throws IOException {
    write(folder.resolve("over/" + KEY), "over");
    Files.createSymbolicLink(
        folder.resolve("over/contacts__gone.camel.yaml"), Path.of("..data", "gone"));

    assertThat(assembled(layers("over"), ROUTE)).isEqualTo("over");
    assertThat(layers("over").files()).doesNotContainKey("routes/contacts/gone.camel.yaml");
  }

  @Test
  void takesTheKeysOfAConfigMapAsKubernetesMountsIt() throws IOException {
    write(folder.resolve("over/..2026_11_22/" + KEY), "over");
    write(folder.resolve("over/..2026_11_22/kamelets__c_d-action.kamelet.yaml"), "over");
    write(folder.resolve("over/..2026_11_22/locations__queries__person.sql"), "over");
    Files.createSymbolicLink(folder.resolve("over/..data"), Path.of("..2026_11_22"));
    for (String key :
        List.of(KEY, "kamelets__c_d-action.kamelet.yaml", "locations__queries__person.sql")) {
      Files.createSymbolicLink(folder.resolve("over").resolve(key), Path.of("..data", key));
    }

    assertThat(layers("over").files().keySet())
        .isEqualTo(
            Set.of(
                ROUTE,
                "kamelets/a-action.kamelet.yaml",
                "kamelets/c_d-action.kamelet.yaml",
                "routes/locations/queries/person.sql"));
    assertThat(assembled(layers("over"), ROUTE)).isEqualTo("over");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "contacts.openapi.yaml",
        "contacts__",
        "__contacts.openapi.yaml",
        "contacts__..__x.yaml",
        "contacts__.x",
        "Contacts__x.yaml",
        "other/x.yaml"
      })
  void namesWhatFitsNeitherForm(String name) throws IOException {
    write(folder.resolve("over").resolve(name), "x");

    assertThatThrownBy(() -> layers("over").files())
        .hasMessageContaining(
            folder.resolve("over").resolve(name.replace("/x.yaml", "")).toString());
  }

  @Test
  void namesAnOverlayThatIsNotThere() {
    assertThatThrownBy(() -> layers("nothing").files())
        .hasMessageContaining("qanat.overlay")
        .hasMessageContaining("nothing");
  }

  @Test
  void letsTheLaterOfTwoOverlaysWinAndSaysSo() throws IOException {
    write(folder.resolve("first").resolve(KEY), "first");
    write(folder.resolve("second").resolve(ROUTE), "second");

    assertThat(assembled(layers("first", "second"), ROUTE)).isEqualTo("second");
    assertThat(assembled(layers("second", "first"), ROUTE)).isEqualTo("first");
    assertThat(layers("first", "second").told())
        .contains(
            "%s is that of %s, not of %s"
                .formatted(ROUTE, folder.resolve("second"), folder.resolve("first")));
  }

  @Test
  void copiesFilesThatMayOnlyBeReadSoThatTheyCanBeDeleted() throws IOException {
    write(folder.resolve("over").resolve(KEY), "over");
    assertThat(folder.resolve("over").resolve(KEY).toFile().setWritable(false)).isTrue();
    Path to = folder.resolve("to");

    layers("over").assemble(to);

    assertThat(Files.getPosixFilePermissions(to.resolve(ROUTE)).toString()).contains("OWNER_WRITE");
  }
}
