package io.qanat.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qanat.deliver.MappingDocument;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingFileTest {
  private static Mapping read(String yaml) {
    return MappingFile.read(MappingDocument.read("x.mapping.yaml", new StringReader(yaml)));
  }

  @Test
  void readsAMapping() {
    Mapping mapping = read(SalesforceSinkTest.MAPPING);

    assertThat(mapping.keyField()).isEqualTo("ExternalId__c");
    assertThat(mapping.fields()).containsEntry("mailingAddress.city", "MailingCity");
    assertThat(mapping.events()).containsEntry("contact.deleted", Change.Kind.DELETE);
    assertThat(mapping.ignore()).containsExactly("note");
  }

  @Test
  void readsTheMappingOfContacts() throws IOException {
    Path file = Path.of("routes/contacts/contacts-salesforce.mapping.yaml");
    Mapping mapping =
        MappingFile.read(MappingDocument.read(file.toString(), Files.newBufferedReader(file)));

    assertThat(mapping.keyField()).isEqualTo("ExternalId__c");
    assertThat(mapping.identifiedBy()).containsExactly("externalId", "email");
    assertThat(mapping.fields().values())
        .containsExactlyInAnyOrder(
            "ExternalId__c",
            "FirstName",
            "LastName",
            "Email",
            "Phone",
            "Title",
            "MailingStreet",
            "MailingCity",
            "MailingState",
            "MailingPostalCode",
            "MailingCountry",
            "AccountId");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ignore: [note]            | ignored: [note]         | 13: unknown key 'ignored'",
        "  phone: Phone            | '  phone: [Phone]'      | 10: fields.phone must be a text",
        "  phone: Phone            | '  phone: Title'        | 11: Title is written by both phone and title",
        "  phone: Phone            | '  email: Phone'        | 10: 'email' stands twice in fields",
        "  phone: Phone            | '  mailingAddress: All' | 12: mailingAddress.city and mailingAddress exclude",
        "  phone: Phone            | '  phone: The Phone'    | 10: 'The Phone' is not a Salesforce field name",
        "  phone: Phone            | '  p hone: Phone'       | 10: 'p hone' is not a path",
        "contact.deleted: delete   | contact.deleted: drop   | 3: events.contact.deleted must be upsert or delete",
        "[externalId, email]       | [externalId, mail]      | 4: identifiedBy names 'mail', not under fields",
        "[externalId, email]       | []                      | 4: identifiedBy must name at least one field",
        "[externalId, email]       | externalId              | 4: identifiedBy must be a list",
        "ignore: [note]            | ignore: [phone]         | 6: 'phone' is both under fields and under ignore",
        "ignore: [note]            | ignore: [mailingAddress]| 6: 'mailingAddress' is both under",
        "identifiedBy:             | fields2:                | 4: unknown key 'fields2'",
        "[externalId, email]       | [externalId, email      | not YAML",
      })
  void refusesAMistakeWithFileAndLine(String right, String wrong, String message) {
    String yaml = SalesforceSinkTest.MAPPING;
    assertThat(yaml).contains(right);

    assertThatThrownBy(() -> read(yaml.replace(right, wrong.strip())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("x.mapping.yaml:")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                           | x.mapping.yaml:1: the file is empty",
        "- a                          | x.mapping.yaml:1: the file must be a map",
        "events: {a: upsert}          | x.mapping.yaml:1: the key 'fields' is missing",
        "events: {}                   | x.mapping.yaml:1: events must name at least one event type",
      })
  void refusesAFileThatIsNotAMapping(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml)).hasMessageContaining(message);
  }
}
