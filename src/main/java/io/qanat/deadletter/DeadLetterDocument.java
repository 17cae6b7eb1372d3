package io.qanat.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import org.bson.Document;

/**
 * A dead letter as MongoDB holds it: its history, and beside it what the history comes to, for
 * filters and indexes.
 */
final class DeadLetterDocument {
  /** How often the document has been written; tells whether somebody else wrote it meanwhile. */
  static final String REVISION = "rev";

  private static final JsonMapper JSON = new JsonMapper();

  private DeadLetterDocument() {}

  static DeadLetter read(Document document) {
    DeadLetterId id = DeadLetterId.parse(document.getString("_id")).orElseThrow();
    List<Happening> history = new ArrayList<>();
    for (Document happening : document.getList("history", Document.class, List.of())) {
      try {
        Happening.of(JSON.readTree(happening.toJson())).ifPresent(history::add);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("MongoDB gave what is not JSON", e);
      }
    }
    return DeadLetter.of(id, history);
  }

  /** The document of this dead letter, but for claims on it. */
  static Document write(DeadLetter letter, int revision) {
    DeadLetterId id = letter.id();
    Document document =
        new Document("_id", id.toString())
            .append(REVISION, revision)
            .append("flow", id.flow())
            .append("sink", id.sink())
            .append(
                "history",
                letter.history().stream().map(h -> Document.parse(h.toJson().toString())).toList());
    if (letter.hasDied()) {
      Death last = letter.lastDeath();
      document
          .append("state", letter.state().name().toLowerCase(Locale.ROOT))
          .append("key", last.event().key())
          .append("code", last.reason().code())
          .append("redrives", letter.redrives())
          .append("firstDiedAt", Date.from(letter.firstDeath().at()))
          .append("diedAt", Date.from(last.at()));
    }
    return document;
  }
}
