package io.qanat.accept;

/**
 * Ends the work on a request with a problem; cheap, because a caller can cause any number of them.
 */
public class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final transient Problem problem;

  /** Ends it with this problem. */
  public ProblemException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  /** Ends it with a problem without single violations. */
  public ProblemException(Problem.Kind kind, String detail) {
    this(new Problem(kind, detail));
  }

  /** What the caller is told. */
  public Problem problem() {
    return problem;
  }
}
