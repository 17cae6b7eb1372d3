package io.qanat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import org.apache.camel.RuntimeCamelException;
import org.junit.jupiter.api.Test;

class StartFailureTest {
  @Test
  void tellsWhereAFileIsNotYamlWithoutQuotingIt() {
    Exception yaml =
        new IllegalStateException(
            """
            while parsing a block mapping
             in file:routes/contacts/a.camel.yaml, line 1, column 3:
                - route:
                  ^
            expected <block end>, but found '<block mapping start>'
             in file:routes/contacts/a.camel.yaml, line 3, column 4:
                   group: contacts
                   ^
            """);

    assertThat(
            StartFailure.tell(
                foreign(new RuntimeCamelException("Error pre-parsing", foreign(yaml)))))
        .hasValue(
            "while parsing a block mapping in file:routes/contacts/a.camel.yaml, line 1, column 3:"
                + " expected <block end>, but found '<block mapping start>'"
                + " in file:routes/contacts/a.camel.yaml, line 3, column 4:");
  }

  @Test
  void namesAMissingPropertyItsEnvironmentVariableAndTheRoute() {
    Exception missing =
        new IllegalArgumentException(
            "Property with key [qanat.contacts.max-records] not found in properties from text: x={{y}}");

    assertThat(
            StartFailure.tell(
                foreign(
                    new RuntimeCamelException(
                        "Failed to create route: contacts-deliver-x"
                            + " (source: file:routes/c/x.yaml): Route(..)",
                        foreign(missing)))))
        .hasValue(
            "the property qanat.contacts.max-records is not set; set it in the configuration or as"
                + " QANAT_CONTACTS_MAXRECORDS in the environment"
                + " (route contacts-deliver-x, file:routes/c/x.yaml)");
  }

  @Test
  void prefersTheHubsOwnWordsAndAddsTheirCause() {
    FileNotFoundException root =
        foreign(new FileNotFoundException("a.mapping.yaml does not exist"));
    Exception own = new UncheckedIOException("cannot read the mapping", root);

    assertThat(StartFailure.tell(foreign(new RuntimeException("Error creating bean", own))))
        .hasValue("cannot read the mapping: a.mapping.yaml does not exist");
  }

  @Test
  void leavesToSpringWhatSpringKnows() {
    assertThat(StartFailure.tell(foreign(new IllegalStateException("Port 8080 is already in use"))))
        .isEmpty();
  }

  /** As if it came from code that is not the hub's. */
  private static <T extends Exception> T foreign(T exception) {
    exception.setStackTrace(
        new StackTraceElement[] {new StackTraceElement("org.example.X", "y", null, 1)});
    return exception;
  }
}
