package io.qanat.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.mongodb.client.model.Updates;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import org.bson.Document;
import org.bson.conversions.Bson;

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

  /** What makes the document this dead letter; claims on it stay. */
  static Bson write(DeadLetter letter, int revision) {
    List<Bson> sets = new ArrayList<>();
    DeadLetterId id = letter.id();
    sets.add(Updates.set(REVISION, revision));
    sets.add(Updates.set("flow", id.flow()));
    sets.add(Updates.set("sink", id.sink()));
    sets.add(
        Updates.set(
            "history",
            letter.history().stream().map(h -> Document.parse(h.toJson().toString())).toList()));
    if (letter.hasDied()) {
      Death last = letter.lastDeath();
      sets.add(Updates.set("state", letter.state().name().toLowerCase(Locale.ROOT)));
      sets.add(Updates.set("key", last.event().key()));
      sets.add(Updates.set("code", last.reason().code()));
      sets.add(Updates.set("redrives", letter.redrives()));
      sets.add(Updates.set("firstDiedAt", Date.from(letter.firstDeath().at())));
      sets.add(Updates.set("diedAt", Date.from(last.at())));
    }
    return Updates.combine(sets);
  }
}
