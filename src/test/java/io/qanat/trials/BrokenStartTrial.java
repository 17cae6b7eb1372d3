package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A new hub comes with a route, a contract or a configuration that is broken, beside one that
 * serves.
 *
 * <p>Protection: what cannot work is found at the start and not with the first event, and is told
 * in one line that names the file or the property.
 */
@ExtendWith(World.Shared.class)
class BrokenStartTrial {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String ROUTE = "routes/contacts/contacts-deliver-salesforce.camel.yaml";

  @TempDir Path home;

  @Test
  @Tag("long")
  @DisplayName("T29 a route that is no YAML")
  void namesTheLineThatIsNoYaml(World world) throws Exception {
    edit(ROUTE, "    group: contacts", "   group: contacts");

    assertRefused(world, Map.of(), "contacts-deliver-salesforce.camel.yaml, line 3");
  }

  @Test
  @DisplayName("T29 a secret is missing")
  void namesTheSecretThatIsMissing(World world) throws Exception {
    Homes.copy(home);

    assertRefused(
        world, Map.of("qanat.salesforce.client-secret", ""), "qanat.salesforce.client-secret");
  }

  @Test
  @Tag("long")
  @DisplayName("T29 a bound that is no number")
  void namesThePropertyThatIsNoNumber(World world) throws Exception {
    Homes.copy(home);

    assertRefused(
        world,
        Map.of("spring.cache.caffeine.spec", "maximumWeight=32M"),
        "spring.cache.caffeine.spec");
  }

  @ParameterizedTest(name = "{displayName}: {0}")
  @Tag("long")
  @DisplayName("T29 a bad override")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a misspelt keyword  | routes/contacts/contacts-deliver-salesforce.camel.yaml | description: | descripton: | descripton
          a missing kamelet   | routes/contacts/contacts-deliver-salesforce.camel.yaml | salesforce-upsert-sink | salesforce-upsirt-sink | salesforce-upsirt-sink
          a missing property  | routes/contacts/contacts-deliver-salesforce.camel.yaml | "2000" | "{{qanat.contacts.max-records}}" | QANAT_CONTACTS_MAXRECORDS
          a missing file      | routes/contacts/contacts-deliver-salesforce.camel.yaml | contacts-salesforce.mapping | contact-salesforce.mapping | contact-salesforce.mapping.yaml
          a missing variant   | routes/flags.yaml | defaultVariant: simulator | defaultVariant: cash | the flag payment-provider has no variant 'cash'
          an operation twice  | routes/contacts/contacts.openapi.yaml | operationId: createContact | operationId: updateContact | updateContact
          """)
  void namesWhatIsBroken(
      String what, String file, String good, String bad, String told, World world)
      throws Exception {
    edit(file, good, bad);

    assertRefused(world, Map.of(), told);
  }

  private void assertRefused(World world, Map<String, String> properties, String told)
      throws Exception {
    Map<String, String> broken = world.properties();
    broken.put("qanat.home", home.toString());
    broken.putAll(properties);
    try (Ledger ledger = new Ledger(world, Contacts.FLOW, "beside");
        HubProcess hub = new HubProcess("broken", broken)) {
      hub.launch();
      ledger.post(50, 2);
      assertThat(hub.awaitEnd(LIMIT)).as("exit code").isNotZero();
      ledger.post(50, 2);

      List<String> lines = hub.log().lines().toList();
      assertThat(lines).filteredOn(line -> line.contains("ERROR")).hasSize(1);
      assertThat(lines)
          .filteredOn(line -> line.contains("ERROR"))
          .allSatisfy(line -> assertThat(line).contains("The hub does not start").contains(told));
      assertThat(lines).as("stack traces").noneMatch(line -> line.startsWith("\tat "));
      assertThat(Balance.settled(world, ledger).delivered()).as("the other serves").hasSize(100);
    }
  }

  private void edit(String file, String good, String bad) throws IOException {
    Homes.copy(home);
    Path path = home.resolve(file);
    String text = Files.readString(path);
    assertThat(text).contains(good);
    Files.writeString(path, text.replace(good, bad));
  }
}
