package io.qanat.security;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may look at flows and dead letters, and who may change them.
 *
 * @param operators the operators; none means that nobody may
 */
@ConfigurationProperties("qanat")
record OperatorProperties(@DefaultValue List<Operator> operators) {
  OperatorProperties {
    Set<String> names = new HashSet<>();
    for (Operator operator : operators) {
      if (!names.add(operator.name())) {
        throw new IllegalArgumentException(
            "qanat.operators names %s twice; give each person a name of their own"
                .formatted(operator.name()));
      }
    }
  }

  /** What an operator may do. */
  enum Role {
    /** Look. */
    VIEWER,
    /** Look, pause, resume, redrive and discard. */
    OPERATOR
  }

  /**
   * A person who may log in.
   *
   * @param name what the audit calls them
   * @param password {@code {bcrypt}} and the hash, or {@code {noop}} and the password itself
   * @param role what they may do
   */
  record Operator(String name, String password, Role role) {
    @SuppressWarnings("ConstantValue") // What a configuration leaves out is null.
    Operator {
      if (name == null || name.isBlank() || name.contains(":")) {
        throw new IllegalArgumentException(
            "qanat.operators holds the name '%s'; give each operator a name without a colon"
                .formatted(name));
      }
      if (password == null || !password.matches("\\{(bcrypt|noop)}.+")) {
        // The password itself must not reach the log.
        throw new IllegalArgumentException(
            "The password of %s in qanat.operators must be {bcrypt}<hash> or {noop}<password>"
                .formatted(name));
      }
      if (role == null) {
        throw new IllegalArgumentException(
            "%s in qanat.operators has no role; it must be viewer or operator".formatted(name));
      }
    }
  }
}
