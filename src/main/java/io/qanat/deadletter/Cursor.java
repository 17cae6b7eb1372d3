package io.qanat.deadletter;

import com.mongodb.client.model.Filters;
import io.qanat.accept.Problem;
import io.qanat.accept.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bson.conversions.Bson;

/**
 * Where a page ends: the last dead letter on it, newest first.
 *
 * @param diedAt when that died last
 * @param id its id
 */
record Cursor(Instant diedAt, String id) {

  /** The cursor behind a dead letter. */
  static Cursor behind(DeadLetter letter) {
    return new Cursor(letter.lastDeath().at(), letter.id().toString());
  }

  /** Reads what {@link #toText()} wrote. */
  static Cursor parse(String text) {
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      int space = plain.indexOf(' ');
      return new Cursor(
          Instant.ofEpochMilli(Long.parseLong(plain.substring(0, Math.max(0, space)))),
          plain.substring(space + 1));
    } catch (IllegalArgumentException e) {
      throw new ProblemException(
          Problem.Kind.BAD_REQUEST, "The cursor is none; take it from the page before, as it is.");
    }
  }

  /** What a caller gives back for the next page. */
  String toText() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((diedAt.toEpochMilli() + " " + id).getBytes(StandardCharsets.UTF_8));
  }

  /** What comes behind it. */
  Bson toBson() {
    Date at = Date.from(diedAt);
    return Filters.or(
        Filters.lt("diedAt", at), Filters.and(Filters.eq("diedAt", at), Filters.lt("_id", id)));
  }
}
