package io.qanat.mongodb;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qanat.deliver.MappingDocument;
import java.io.StringReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentQueryTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "filter: {$where: {type: string}} | '$where' is not a path",
        "filter: {a: {type: text}} | this is no known type",
        "filter: {a: {type: string, absent: null}} | absent can only be omitted",
        "sort: {by: $natural} | '$natural' is not a path",
        "sort: {order: asc} | the key 'by' is missing",
        "after: after | after needs a sort",
        "filters: {} | unknown key 'filters'",
      })
  void refusesAQueryThatIsNone(String line, String reason) {
    assertThatThrownBy(
            () ->
                DocumentQuery.read(
                    MappingDocument.read(
                        "q.yaml", new StringReader("collection: things\n" + line))))
        .hasMessageContainingAll("q.yaml:", reason);
  }
}
