package io.qanat.mongodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qanat.deliver.MappingDocument;
import java.io.StringReader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentMappingFileTest {
  private static final String GOOD =
      """
      collection: orders
      events:
        made:
          write: insert
          fields:
            _id: {type: string, from: id}
            state: {value: New}
          others: drop
        cancelled:
          write: patch
          when: {state: [New, null]}
          fields:
            _id: {type: string, from: id}
            state: {value: Cancelled}
        gone:
          write: delete
          fields:
            _id: {type: string, from: id}
      indexes:
        - {keys: {state: 1, at: -1}, unique: true}
      """;

  private static DocumentMapping read(String yaml) {
    return DocumentMappingFile.read(MappingDocument.read("x.yaml", new StringReader(yaml)));
  }

  @Test
  void readsWhatItKnows() {
    DocumentMapping mapping = read(GOOD);

    assertThat(mapping.collection()).isEqualTo("orders");
    assertThat(mapping.events().keySet()).containsExactly("made", "cancelled", "gone");
    assertThat(mapping.events().get("cancelled").get(0).when().toJson())
        .isEqualTo("{\"state\": {\"$in\": [\"New\", null]}}");
    assertThat(mapping.indexes())
        .singleElement()
        .satisfies(
            index -> {
              assertThat(index.keys().toJson()).isEqualTo("{\"state\": 1, \"at\": -1}");
              assertThat(index.unique()).isTrue();
            });
    assertThat(mapping.keepsOrder()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "collection: orders | collection: $cmd | x.yaml:1: | '$cmd' is not a name in MongoDB",
        "write: insert | write: upsert | x.yaml:4: | must be one of insert, replace, patch, delete, not upsert",
        "write: insert | writes: insert | x.yaml:4: | unknown key 'writes', known are write, fields, when, others",
        "others: drop | others: keep | x.yaml:8: | must be drop or refuse",
        "others: drop | when: {state: [New]} | x.yaml:8: | when is for patch and delete",
        "{value: New} | {value: [New]} | x.yaml:7: | a value must be a single one",
        "{value: New} | {type: text} | x.yaml:7: | text is none of string, long, number, date, boolean, json",
        "{value: New} | {type: string, value: New} | x.yaml:7: | has a type, so that it cannot have value",
        "{value: New} | {value: New, is: event-id} | x.yaml:7: | must have a type, or one of value, is and digest",
        "{value: New} | {is: now} | x.yaml:7: | must be accepted-at or event-id",
        "{value: New} | {digest: [at]} | x.yaml:7: | digest names at, which is no field before it",
        "{value: New} | {type: string, absent: skip} | x.yaml:7: | must be one of refused, omitted, null, accepted-at, not skip",
        "{value: New} | {type: string, from: $x} | x.yaml:7: | '$x' is not a path of an event field",
        "state: {value: New} | $state: {value: New} | x.yaml:7: | '$state' is not a name in MongoDB",
        "[New, null] | New | x.yaml:11: | when.state must be a list of values",
        "write: delete | write: patch | x.yaml:16: | fields must name what is written",
        "write: patch | write: delete | x.yaml:10: | deletes, so that fields may only be _id",
        "at: -1 | at: 2 | x.yaml:20: | keys.at must be 1 or -1",
      })
  void saysWhereItIsWrong(String good, String bad, String place, String reason) {
    String broken = GOOD.replaceFirst(Pattern.quote(good), Matcher.quoteReplacement(bad));
    assertThat(broken).isNotEqualTo(GOOD);

    assertThatThrownBy(() -> read(broken)).hasMessageContainingAll(place, reason);
  }

  @Test
  void wantsRulesThatCanFollowEachOther() {
    assertThatThrownBy(
            () ->
                read(
                    "collection: orders\nevents:\n  made: [{write: insert, fields: {a: {value: 1}}}]"))
        .hasMessage("x.yaml:3: events.made can only have several rules if all of them patch");
  }

  @Test
  void wantsToKnowWhichDocumentIsChanged() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    collection: orders
                    events:
                      cancelled:
                        write: patch
                        fields:
                          state: {value: Cancelled}
                    """))
        .hasMessage("x.yaml:4: events.cancelled.fields must say which document, as _id");
  }
}
