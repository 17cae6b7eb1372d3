package io.qanat.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.Updates;
import io.qanat.deadletter.RedriveJob.SkippedLetter;
import io.qanat.deadletter.RedriveJob.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The redrives in MongoDB, where every instance of the hub sees them. The one that runs a job gives
 * a sign of life with each step; without one for a while the job counts as interrupted.
 */
@Component
class RedriveJobs {
  static final String COLLECTION = "redrives";

  /** Longer than the longest step: Kafka may take its time over payloads, letters and audit. */
  private static final Duration SILENCE = Duration.ofSeconds(90);

  private static final JsonMapper JSON = new JsonMapper();
  private static final String STOP = "stop";
  private static final String ALIVE_AT = "aliveAt";

  private final MongoCollection<Document> jobs;

  RedriveJobs(MongoDatabase database) {
    jobs = database.getCollection(COLLECTION);
  }

  /** Takes down a new job. */
  void add(RedriveJob job) {
    jobs.insertOne(
        new Document("_id", job.id())
            .append("state", job.state().text())
            .append("by", job.by())
            .append("at", Date.from(job.at()))
            .append(ALIVE_AT, Date.from(job.at()))
            .append("selection", job.selection().toString())
            .append("total", job.total())
            .append("redriven", 0)
            .append("skipped", new Document())
            .append("skippedLetters", List.of())
            .append("ratePerSecond", job.ratePerSecond())
            .append("force", job.force())
            .append("corrected", job.corrected()));
  }

  /**
   * Takes down how far a running job has come.
   *
   * @return whether somebody wants it stopped
   */
  boolean progress(
      String id, int redriven, Map<String, Integer> skipped, List<SkippedLetter> letters) {
    Document job =
        jobs.findOneAndUpdate(
            Filters.eq("_id", id),
            Updates.combine(
                Updates.set(ALIVE_AT, Date.from(Instant.now())),
                Updates.set("redriven", redriven),
                Updates.set("skipped", new Document(Map.copyOf(skipped))),
                Updates.set(
                    "skippedLetters",
                    letters.stream()
                        .map(s -> new Document("id", s.id()).append("reason", s.reason()))
                        .toList())));
    // Whoever empties the collection wants no more of it either.
    return job == null || job.getBoolean(STOP, false);
  }

  /** Takes down how a job ended. */
  void end(String id, State state, @Nullable String failure) {
    List<Bson> sets = new ArrayList<>();
    sets.add(Updates.set("state", state.text()));
    sets.add(Updates.set("endedAt", Date.from(Instant.now())));
    if (failure != null) {
      sets.add(Updates.set("failure", failure));
    }
    jobs.updateOne(Filters.eq("_id", id), Updates.combine(sets));
  }

  /** Asks whatever instance runs the job to stop it; empty if there is no such job. */
  Optional<RedriveJob> stop(String id) {
    return Optional.ofNullable(
            jobs.findOneAndUpdate(
                Filters.eq("_id", id),
                Updates.set(STOP, true),
                new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER)))
        .map(RedriveJobs::read);
  }

  /** The job with this id. */
  Optional<RedriveJob> find(String id) {
    return Optional.ofNullable(jobs.find(Filters.eq("_id", id)).first()).map(RedriveJobs::read);
  }

  /** The newest jobs. */
  List<RedriveJob> list(int limit) {
    return jobs.find()
        .sort(Sorts.descending("at"))
        .limit(limit)
        .map(RedriveJobs::read)
        .into(new ArrayList<>());
  }

  private static RedriveJob read(Document d) {
    State state = State.valueOf(d.getString("state").toUpperCase(Locale.ROOT));
    boolean silent = d.getDate(ALIVE_AT).toInstant().isBefore(Instant.now().minus(SILENCE));
    Date ended = d.getDate("endedAt");
    Map<String, Integer> skipped = new LinkedHashMap<>();
    d.get("skipped", new Document())
        .forEach((reason, count) -> skipped.put(reason, ((Number) count).intValue()));
    return new RedriveJob(
        d.getString("_id"),
        state == State.RUNNING && silent ? State.INTERRUPTED : state,
        d.getString("by"),
        d.getDate("at").toInstant(),
        ended == null ? null : ended.toInstant(),
        json(d.getString("selection")),
        d.getInteger("total", 0),
        d.getInteger("redriven", 0),
        skipped,
        d.getList("skippedLetters", Document.class, List.of()).stream()
            .map(s -> new SkippedLetter(s.getString("id"), s.getString("reason")))
            .toList(),
        d.getInteger("ratePerSecond", 0),
        d.getBoolean("force", false),
        d.getBoolean("corrected", false),
        d.getString("failure"));
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The selection of a redrive is not JSON", e);
    }
  }
}
