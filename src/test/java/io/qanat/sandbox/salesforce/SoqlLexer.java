package io.qanat.sandbox.salesforce;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a SOQL query into words, quoted strings and signs. */
final class SoqlLexer {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:('(?:[^'\\\\]|\\\\.)*')|([\\w.:+-]+)|(!=|<>|<=|>=|[=<>(),]))", Pattern.DOTALL);

  private final List<String> tokens = new ArrayList<>();
  private int next;

  SoqlLexer(String soql) {
    Matcher matcher = TOKEN.matcher(soql);
    int at = 0;
    while (at < soql.stripTrailing().length()) {
      if (!matcher.find(at) || matcher.start() != at) {
        throw malformed("unexpected token: '" + soql.substring(at).strip() + "'");
      }
      tokens.add(matcher.group().strip());
      at = matcher.end();
    }
  }

  static ApiException malformed(String message) {
    return new ApiException(400, "MALFORMED_QUERY", message);
  }

  boolean atEnd() {
    return next == tokens.size();
  }

  boolean at(String word) {
    return !atEnd() && tokens.get(next).equalsIgnoreCase(word);
  }

  boolean skip(String word) {
    boolean there = at(word);
    if (there) {
      next++;
    }
    return there;
  }

  void expect(String word) {
    if (!skip(word)) {
      throw malformed("expecting '" + word + "', found '" + (atEnd() ? "<EOF>" : take()) + "'");
    }
  }

  String take() {
    if (atEnd()) {
      throw malformed("unexpected token: '<EOF>'");
    }
    return tokens.get(next++);
  }

  int takeNumber() {
    String token = take();
    try {
      return Integer.parseInt(token);
    } catch (NumberFormatException e) {
      throw malformed("expecting a number, found '" + token + "'");
    }
  }

  /** A string without its quotes and escapes. */
  static String unquote(String token) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < token.length() - 1; i++) {
      char c = token.charAt(i);
      if (c == '\\') {
        c = unescape(token.charAt(++i));
      }
      text.append(c);
    }
    return text.toString();
  }

  private static char unescape(char c) {
    return switch (c) {
      case 'n', 'N' -> '\n';
      case 'r', 'R' -> '\r';
      case 't', 'T' -> '\t';
      case 'b', 'B' -> '\b';
      case 'f', 'F' -> '\f';
      case '\'', '"', '\\', '_', '%' -> c;
      default -> throw malformed("Illegal escape: \\" + c);
    };
  }
}
