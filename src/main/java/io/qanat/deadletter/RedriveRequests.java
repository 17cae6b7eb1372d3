package io.qanat.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.accept.Problem.Kind;
import io.qanat.accept.ProblemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Understands requests to redrive. */
@Component
class RedriveRequests {
  /** A job keeps the ids in memory. */
  private static final int MAX_LETTERS = 100_000;

  private static final int SHOWN = 20;
  private static final int CHUNK = 500;
  private static final int ACCEPTED = 202;

  private final DeadLetterStore store;
  private final Redriver redriver;
  private final Redrives redrives;
  private final Redaction redaction;
  private final DeadLetterProperties properties;

  RedriveRequests(
      DeadLetterStore store,
      Redriver redriver,
      Redrives redrives,
      Redaction redaction,
      DeadLetterProperties properties) {
    this.store = store;
    this.redriver = redriver;
    this.redrives = redrives;
    this.redaction = redaction;
    this.properties = properties;
  }

  /** Begins a redrive, or tells what it would do. */
  Answer redrive(JsonNode body, String operator) {
    Selection selection = Selection.of(body, store, MAX_LETTERS);
    ObjectNode correction = correction(body, selection);
    boolean force = body.path("force").asBoolean();
    if (body.path("dryRun").asBoolean()) {
      return Answer.ok(dryRun(selection, force));
    }
    RedriveJob job =
        redrives.start(
            selection,
            operator,
            body.path("ratePerSecond").asInt(properties.ratePerSecond()),
            force,
            correction);
    return new Answer(
        ACCEPTED, job.toJson(), Map.of("Location", "/dead-letters/redrives/" + job.id()));
  }

  private @Nullable ObjectNode correction(JsonNode body, Selection selection) {
    if (!(body.path("correction") instanceof ObjectNode correction)) {
      return null;
    }
    if (!body.has("ids") || selection.ids().size() != 1) {
      throw new ProblemException(
          Kind.BAD_REQUEST, "A correction is for one dead letter: name exactly one in ids.");
    }
    if (redaction.isMarked(correction)) {
      throw new ProblemException(
          Kind.BAD_REQUEST,
          "The correction holds %s where a value was hidden; give the value itself."
              .formatted(Redaction.MARK));
    }
    return correction;
  }

  private ObjectNode dryRun(Selection selection, boolean force) {
    Map<DeadLetterId, Skip> skipped = new LinkedHashMap<>();
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("dryRun", true)
            .put("total", selection.ids().size());
    var shown = JsonNodeFactory.instance.arrayNode();
    int redriven = 0;
    for (int from = 0; from < selection.ids().size(); from += CHUNK) {
      List<DeadLetterId> ids =
          selection.ids().subList(from, Math.min(selection.ids().size(), from + CHUNK));
      Map<DeadLetterId, DeadLetter> letters = store.get(ids);
      for (DeadLetterId id : ids) {
        var obstacle = redriver.obstacle(letters.get(id), force);
        obstacle.ifPresent(skip -> skipped.put(id, skip));
        if (obstacle.isEmpty() && redriven++ < SHOWN) {
          shown.add(id.toString());
        }
      }
    }
    json.put("wouldRedrive", redriven).set("firstIds", shown);
    skipped(skipped, json);
    return json;
  }

  /** Tells how many letters were left as they are, why, and which the first of them are. */
  static void skipped(Map<DeadLetterId, Skip> skipped, ObjectNode json) {
    ObjectNode reasons = json.putObject("skipped");
    var first = json.putArray("skippedLetters");
    skipped.forEach(
        (id, skip) -> {
          reasons.put(skip.text(), reasons.path(skip.text()).asInt() + 1);
          if (first.size() < SHOWN) {
            first.addObject().put("id", id.toString()).put("reason", skip.text());
          }
        });
  }
}
