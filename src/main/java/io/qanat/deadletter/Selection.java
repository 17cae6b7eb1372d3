package io.qanat.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.accept.Problem;
import io.qanat.accept.Problem.Violation;
import io.qanat.accept.ProblemException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which dead letters a request is about.
 *
 * @param ids the letters; within a partition those first whose records came first
 * @param named how the request named them, for the audit
 */
record Selection(List<DeadLetterId> ids, ObjectNode named) {
  private static final int SHOWN_IDS = 20;
  private static final Comparator<DeadLetterId> OLDEST_FIRST =
      Comparator.comparing(DeadLetterId::flow)
          .thenComparing(DeadLetterId::sink)
          .thenComparingInt(DeadLetterId::partition)
          .thenComparingLong(DeadLetterId::offset);

  /**
   * The letters that a body with either {@code ids} or {@code filter} names.
   *
   * @param max how many letters a filter may match
   * @throws ProblemException if it names both or none, or too many
   */
  static Selection of(JsonNode body, DeadLetterStore store, int max) {
    if (body.has("ids") == body.has("filter")) {
      throw new ProblemException(
          Problem.Kind.BAD_REQUEST, "Name the dead letters by ids or by a filter, one of both.");
    }
    return body.has("ids") ? byIds(body.path("ids")) : byFilter(body.path("filter"), store, max);
  }

  private static Selection byIds(JsonNode texts) {
    Set<DeadLetterId> ids = new LinkedHashSet<>();
    for (int i = 0; i < texts.size(); i++) {
      String pointer = "#/ids/" + i;
      ids.add(
          DeadLetterId.parse(texts.path(i).asText())
              .orElseThrow(
                  () ->
                      new ProblemException(
                          new Problem(
                              Problem.Kind.CONTRACT_VIOLATION,
                              "An id is none; take ids from GET /dead-letters.",
                              List.of(new Violation(pointer, "is no id of a dead letter"))))));
    }
    ObjectNode named = JsonNodeFactory.instance.objectNode();
    var shown = named.putArray("ids");
    ids.stream().limit(SHOWN_IDS).forEach(id -> shown.add(id.toString()));
    return new Selection(sorted(ids), named);
  }

  private static Selection byFilter(JsonNode body, DeadLetterStore store, int max) {
    DeadLetterFilter filter = DeadLetterFilter.ofDead(body);
    List<DeadLetterId> ids = store.ids(filter, max + 1);
    if (ids.size() > max) {
      throw new ProblemException(
          Problem.Kind.BAD_REQUEST,
          "The filter matches more than %d dead letters; narrow it with from and to."
              .formatted(max));
    }
    ObjectNode named = JsonNodeFactory.instance.objectNode();
    named.set("filter", filter.toJson());
    return new Selection(sorted(ids), named);
  }

  private static List<DeadLetterId> sorted(Iterable<DeadLetterId> ids) {
    List<DeadLetterId> sorted = new ArrayList<>();
    ids.forEach(sorted::add);
    sorted.sort(OLDEST_FIRST);
    return List.copyOf(sorted);
  }
}
