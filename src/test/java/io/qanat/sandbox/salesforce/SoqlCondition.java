package io.qanat.sandbox.salesforce;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the WHERE clause of a query into a test of rows. */
final class SoqlCondition {
  private final SoqlLexer tokens;
  private final ObjectType type;

  SoqlCondition(SoqlLexer tokens, ObjectType type) {
    this.tokens = tokens;
    this.type = type;
  }

  Predicate<Row> parse() {
    Predicate<Row> left = term();
    if (tokens.at("AND")) {
      while (tokens.skip("AND")) {
        left = left.and(term());
      }
      refuseMixed("OR");
    } else {
      while (tokens.skip("OR")) {
        left = left.or(term());
      }
      refuseMixed("AND");
    }
    return left;
  }

  // SOQL wants parentheses where AND and OR meet.
  private void refuseMixed(String other) {
    if (tokens.at(other)) {
      throw SoqlLexer.malformed("unexpected token: '" + other + "'");
    }
  }

  private Predicate<Row> term() {
    if (tokens.skip("NOT")) {
      return term().negate();
    }
    if (tokens.skip("(")) {
      Predicate<Row> inner = parse();
      tokens.expect(")");
      return inner;
    }
    Field field = Soql.field(type, tokens.take());
    if (tokens.skip("NOT")) {
      tokens.expect("IN");
      return in(field).negate();
    }
    if (tokens.skip("IN")) {
      return in(field);
    }
    if (tokens.skip("LIKE")) {
      Pattern pattern = like(text(value(field)));
      return row -> pattern.matcher(Objects.toString(row.get(field.name()), "")).matches();
    }
    String operator = tokens.take();
    return compare(field, operator, value(field));
  }

  private Predicate<Row> in(Field field) {
    List<Predicate<Row>> any = new ArrayList<>();
    tokens.expect("(");
    do {
      any.add(compare(field, "=", value(field)));
    } while (tokens.skip(","));
    tokens.expect(")");
    return row -> any.stream().anyMatch(test -> test.test(row));
  }

  private static Predicate<Row> compare(Field field, String operator, @Nullable Object wanted) {
    Predicate<Row> equal =
        row -> {
          Object held = row.get(field.name());
          return (held == null || wanted == null) ? held == wanted : order(held, wanted) == 0;
        };
    Predicate<Row> comparable = row -> wanted != null && row.get(field.name()) != null;
    return switch (operator) {
      case "=" -> equal;
      case "!=", "<>" -> equal.negate();
      case "<" -> comparable.and(row -> order(row, field, wanted) < 0);
      case ">" -> comparable.and(row -> order(row, field, wanted) > 0);
      case "<=" -> comparable.and(row -> order(row, field, wanted) <= 0);
      case ">=" -> comparable.and(row -> order(row, field, wanted) >= 0);
      default -> throw SoqlLexer.malformed("unknown operator '" + operator + "'");
    };
  }

  private static int order(Row row, Field field, @Nullable Object wanted) {
    return order(Objects.requireNonNull(row.get(field.name())), Objects.requireNonNull(wanted));
  }

  /** Text is compared without regard to its case, as SOQL does. */
  static int order(Object left, Object right) {
    if (left instanceof Double a && right instanceof Double b) {
      return a.compareTo(b);
    }
    return left.toString().compareToIgnoreCase(right.toString());
  }

  private @Nullable Object value(Field field) {
    String token = tokens.take();
    boolean quoted = token.startsWith("'");
    switch (field.type()) {
      case BOOLEAN -> {
        if (token.equalsIgnoreCase("true") || token.equalsIgnoreCase("false")) {
          return Boolean.valueOf(token);
        }
      }
      case DOUBLE -> {
        if (!quoted && token.matches("[-+]?\\d+(\\.\\d+)?")) {
          return Double.valueOf(token);
        }
      }
      case DATE, DATETIME -> {
        if (!quoted && token.matches("\\d{4}-\\d\\d-\\d\\d.*")) {
          return token.replaceAll("Z$", ".000+0000");
        }
      }
      case ID, REFERENCE -> {
        if (quoted) {
          String id = Ids.normalize(SoqlLexer.unquote(token));
          if (id == null && !token.equals("''")) {
            throw new ApiException(
                400, "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: " + token);
          }
          return id;
        }
      }
      default -> {
        if (quoted) {
          String text = SoqlLexer.unquote(token);
          return text.isEmpty() ? null : text;
        }
      }
    }
    if (token.toLowerCase(Locale.ROOT).equals("null")) {
      return null;
    }
    throw new ApiException(
        400,
        "INVALID_FIELD",
        "value of filter criterion for field '%s' must be of type %s"
            .formatted(field.name(), field.type().apiName));
  }

  private static String text(@Nullable Object value) {
    return value == null ? "" : value.toString();
  }

  private static Pattern like(String pattern) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      regex.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  }
}
