package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;

/** What the hub's log must not tell. */
final class Privacy {
  private static final Pattern PRIVATE =
      Pattern.compile(
          ".*("
              + String.join(
                  "|",
                  Ledger.PRIVATE,
                  Ledger.MAIL,
                  Locations.PRIVATE,
                  World.SECRET,
                  "00D\\w{12}!AQ")
              + ").*");

  private Privacy() {}

  /** No line holds a part of a body, the client secret, or a session's token. */
  static void check(String log) {
    assertThat(log.lines().filter(line -> PRIVATE.matcher(line).matches()).limit(3).toList())
        .as("lines of the hub's log that hold a payload or a secret")
        .isEmpty();
  }
}
