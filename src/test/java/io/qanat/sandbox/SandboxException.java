package io.qanat.sandbox;

/** Why the sandbox does not start, in one line for the person at the terminal. */
public final class SandboxException extends RuntimeException {
  SandboxException(String message) {
    super(message);
  }

  SandboxException(String message, Throwable cause) {
    super(message, cause);
  }
}
