package io.qanat.accept;

import io.qanat.accept.Problem.Kind;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;

/** The step of a route that ends a request with a problem. */
public class ProblemAction {
  private Kind kind = Kind.BAD_REQUEST;

  /**
   * What kind of problem it is, in kebab case, such as {@code conflict}.
   *
   * @throws IllegalArgumentException if there is no such kind
   */
  public void setKind(String name) {
    List<Kind> kinds = List.of(Kind.values());
    kind =
        kinds.stream()
            .filter(k -> k.key().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "'%s' is no kind of problem; there are %s"
                            .formatted(
                                name,
                                kinds.stream().map(Kind::key).collect(Collectors.joining(", ")))));
  }

  /**
   * Throws the problem, with the body as its detail.
   *
   * @throws ProblemException always
   */
  @Handler
  public void refuse(Exchange exchange) {
    throw new ProblemException(kind, exchange.getMessage().getBody(String.class));
  }
}
