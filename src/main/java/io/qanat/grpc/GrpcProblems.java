package io.qanat.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.qanat.accept.Problem;
import io.qanat.accept.Problem.Violation;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Problems as gRPC statuses, with the same words as over REST and Google's error details: what is
 * wrong with which field, and when to send again.
 *
 * @see <a href="https://google.aip.dev/193">AIP-193</a>
 */
final class GrpcProblems {
  private static final String DOMAIN = "qanat";
  private static final Duration RETRY = Duration.newBuilder().setSeconds(2).build();
  private static final Pattern ELEMENT = Pattern.compile("#/(\\d+)(.*)");

  private GrpcProblems() {}

  /**
   * The status for a problem.
   *
   * @param before how many messages of a stream came before those that the problem speaks of; the
   *     fields of a stream begin with the message's place in it, from 0
   */
  static StatusRuntimeException status(Problem problem, long before) {
    Code code = code(problem.kind());
    com.google.rpc.Status.Builder status =
        com.google.rpc.Status.newBuilder()
            .setCode(code.value())
            .setMessage(problem.detail())
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setDomain(DOMAIN)
                        .setReason(problem.kind().name())
                        .build()));
    if (!problem.errors().isEmpty()) {
      status
          .setMessage(words(problem.errors(), before))
          .addDetails(Any.pack(violations(problem.errors(), before)));
    }
    if (code == Code.UNAVAILABLE) {
      status.addDetails(Any.pack(RetryInfo.newBuilder().setRetryDelay(RETRY).build()));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }

  /** Most clients show nothing but the message, so it holds the first violation. */
  private static String words(List<Violation> violations, long before) {
    Violation first = violations.get(0);
    return "%s: %s%s"
        .formatted(
            field(first.pointer(), before),
            first.detail(),
            violations.size() == 1 ? "" : " (and %d more)".formatted(violations.size() - 1));
  }

  private static BadRequest violations(List<Violation> violations, long before) {
    BadRequest.Builder all = BadRequest.newBuilder();
    violations.forEach(
        v ->
            all.addFieldViolations(
                FieldViolation.newBuilder()
                    .setField(field(v.pointer(), before))
                    .setDescription(v.detail())));
    return all.build();
  }

  /** A JSON Pointer as a path of fields, counted from the beginning of the stream. */
  private static String field(String pointer, long before) {
    Matcher element = ELEMENT.matcher(pointer);
    String path =
        element.matches()
            ? "[%d]%s".formatted(before + Long.parseLong(element.group(1)), element.group(2))
            : pointer.replaceFirst("^#/?", "");
    return path.replace('/', '.');
  }

  private static Code code(Problem.Kind kind) {
    return switch (kind) {
      case UNAUTHORIZED -> Code.UNAUTHENTICATED;
      case FORBIDDEN -> Code.PERMISSION_DENIED;
      case NOT_FOUND, GONE -> Code.NOT_FOUND;
      case REQUEST_TIMEOUT -> Code.DEADLINE_EXCEEDED;
      case BODY_TOO_LARGE -> Code.RESOURCE_EXHAUSTED;
      case UNAVAILABLE, NOT_ACCEPTED -> Code.UNAVAILABLE;
      case INTERNAL_ERROR -> Code.INTERNAL;
      default -> Code.INVALID_ARGUMENT;
    };
  }
}
