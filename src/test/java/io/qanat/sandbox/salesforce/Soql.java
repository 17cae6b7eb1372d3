package io.qanat.sandbox.salesforce;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** A query of the subset of SOQL that the sandbox speaks; no fields means {@code COUNT()}. */
record Soql(
    ObjectType type,
    List<Field> fields,
    boolean count,
    Predicate<Row> where,
    List<Comparator<Row>> orders,
    int limit,
    int offset) {

  static Soql parse(String soql, Schema schema) {
    SoqlLexer tokens = new SoqlLexer(soql);
    tokens.expect("SELECT");
    List<String> names = new ArrayList<>();
    boolean count = tokens.skip("COUNT");
    if (count) {
      tokens.expect("(");
      tokens.expect(")");
    } else {
      do {
        names.add(tokens.take());
      } while (tokens.skip(","));
    }
    boolean all = names.size() == 1 && names.get(0).equalsIgnoreCase("FIELDS") && tokens.skip("(");
    if (all) {
      names.set(0, tokens.take());
      tokens.expect(")");
    }
    tokens.expect("FROM");
    String typeName = tokens.take();
    ObjectType type = schema.find(typeName);
    if (type == null) {
      throw new ApiException(
          400, "INVALID_TYPE", "sObject type '" + typeName + "' is not supported.");
    }
    List<Field> fields =
        all ? List.copyOf(type.fields()) : names.stream().map(name -> field(type, name)).toList();
    Predicate<Row> where =
        tokens.skip("WHERE") ? new SoqlCondition(tokens, type).parse() : row -> true;
    List<Comparator<Row>> orders = orders(tokens, type);
    int limit = tokens.skip("LIMIT") ? tokens.takeNumber() : Integer.MAX_VALUE;
    int offset = tokens.skip("OFFSET") ? tokens.takeNumber() : 0;
    if (!tokens.atEnd()) {
      throw SoqlLexer.malformed("unexpected token: '" + tokens.take() + "'");
    }
    if (all && limit > 200) {
      throw SoqlLexer.malformed("The SOQL FIELDS function must have a LIMIT of at most 200");
    }
    return new Soql(type, fields, count, where, orders, limit, offset);
  }

  static Field field(ObjectType type, String name) {
    Field field = type.field(name);
    if (field == null) {
      throw new ApiException(
          400,
          "INVALID_FIELD",
          "No such column '%s' on entity '%s'. If you are attempting to use a custom field, be"
                  .formatted(name, type.name())
              + " sure to append the '__c' after the custom field name.");
    }
    return field;
  }

  List<Row> run(Store store, boolean withDeleted) {
    List<Row> rows = new ArrayList<>(store.rows(type, withDeleted));
    rows.removeIf(where.negate());
    orders.stream().reduce(Comparator::thenComparing).ifPresent(rows::sort);
    return rows.stream().skip(offset).limit(limit).toList();
  }

  private static List<Comparator<Row>> orders(SoqlLexer tokens, ObjectType type) {
    List<Comparator<Row>> orders = new ArrayList<>();
    if (!tokens.skip("ORDER")) {
      return orders;
    }
    tokens.expect("BY");
    do {
      String name = field(type, tokens.take()).name();
      Comparator<Object> values = SoqlCondition::order;
      if (tokens.skip("DESC")) {
        values = values.reversed();
      } else {
        tokens.skip("ASC");
      }
      boolean nullsLast = tokens.skip("NULLS") && !tokens.skip("FIRST") && tokens.skip("LAST");
      Comparator<Object> complete =
          nullsLast ? Comparator.nullsLast(values) : Comparator.nullsFirst(values);
      orders.add((a, b) -> complete.compare(a.get(name), b.get(name)));
    } while (tokens.skip(","));
    return orders;
  }
}
