package io.qanat.salesforce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.deliver.Deadline;
import io.qanat.deliver.Failure;
import io.qanat.salesforce.SalesforceApi.Answer;
import org.jspecify.annotations.Nullable;

/** The calls of one write: each asks first whether it may begin, and reads the answer's mood. */
final class Calls {
  private final SalesforceApi api;
  private final ApiBudget budget;
  private final Deadline deadline;

  Calls(SalesforceApi api, ApiBudget budget, Deadline deadline) {
    this.api = api;
    this.budget = budget;
    this.deadline = deadline;
  }

  String root() {
    return api.root();
  }

  /**
   * Sends a request below {@link #root()}.
   *
   * @return an answer that is a success, or one that blames a row
   * @throws Halt when this call or any further one is pointless now
   */
  Answer send(String method, String path, @Nullable JsonNode body) {
    if (deadline.passed()) {
      throw new Halt(Failure.transientFailure("BATCH_DEADLINE", "the batch's time is up"));
    }
    if (!budget.takeCall()) {
      throw new Halt(
          Failure.transientFailure(
              "SALESFORCE_API_BUDGET",
              Math.round(budget.usage() * 100) + " % of the daily calls are used"));
    }
    Answer answer;
    try {
      answer = api.request(method, api.root() + path, body == null ? null : bytes(body));
    } catch (SalesforceApi.LoginFailed failed) {
      throw new Halt(
          Failure.transientFailure(
              SalesforceErrors.LOGIN_FAILED, String.valueOf(failed.getMessage())));
    }
    budget.observe(answer.limitInfo());
    if (!answer.ok() && !SalesforceErrors.blamesARow(answer)) {
      throw new Halt(SalesforceErrors.ofRequest(answer));
    }
    return answer;
  }

  /** An answer that promises results must hold one for each row, or nobody knows what was done. */
  static JsonNode results(JsonNode list, int expected) {
    if (!list.isArray() || list.size() != expected) {
      throw new Halt(
          Failure.transientFailure(
              SalesforceErrors.OUTCOME_UNKNOWN,
              "sent " + expected + " rows, read " + list.size() + " results"));
    }
    return list;
  }

  private static byte[] bytes(JsonNode body) {
    try {
      return SalesforceErrors.JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** No further call of this write makes sense: all that is not settled is held. */
  static final class Halt extends RuntimeException {
    private final transient Failure failure;

    Halt(Failure failure) {
      super(failure.code() + ": " + failure.message(), null, false, false);
      this.failure = failure;
    }

    Failure failure() {
      return failure;
    }
  }
}
