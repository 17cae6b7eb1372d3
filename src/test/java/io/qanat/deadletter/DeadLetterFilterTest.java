package io.qanat.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.mongodb.MongoClientSettings;
import io.qanat.accept.ProblemException;
import java.util.Map;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;

class DeadLetterFilterTest {
  private static BsonDocument bson(DeadLetterFilter filter) {
    return filter
        .toBson()
        .toBsonDocument(BsonDocument.class, MongoClientSettings.getDefaultCodecRegistry());
  }

  @Test
  void asksOnlyForWhatIsGiven() {
    var filter =
        DeadLetterFilter.of(
            Map.of(
                "code",
                "X",
                "key",
                "{\"$ne\":1}",
                "to",
                "2026-01-31T13:00:00+01:00",
                "limit",
                "5"));

    assertThat(bson(filter))
        .isEqualTo(
            BsonDocument.parse(
                """
                {"$and":[{"diedAt":{"$gte":{"$date":"1970-01-01T00:00:00Z"}}},
                         {"diedAt":{"$lt":{"$date":"2026-01-31T12:00:00Z"}}},
                         {"code":"X"},{"key":"{\\"$ne\\":1}"}]}"""));
    assertThat(filter.toJson().toString())
        .isEqualTo("{\"code\":\"X\",\"key\":\"{\\\"$ne\\\":1}\",\"to\":\"2026-01-31T12:00:00Z\"}");
  }

  @Test
  void asksForTheDeadOnlyWhereSomethingIsToBeDone() throws Exception {
    var filter = DeadLetterFilter.ofDead(new JsonMapper().readTree("{\"flow\":\"contacts\"}"));

    assertThat(filter.toJson().toString()).isEqualTo("{\"flow\":\"contacts\",\"state\":\"dead\"}");
  }

  @Test
  void refusesATimeThatIsNone() {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> DeadLetterFilter.of(Map.of("from", "yesterday")))
        .withMessageContaining("from");
  }
}
