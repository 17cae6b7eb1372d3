package io.qanat.sandbox.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qanat.sandbox.salesforce.Field.FieldType;
import io.qanat.sandbox.salesforce.Field.Trait;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** {@code /__sim}: what a test asks of the stand-in itself; needs no login and costs no call. */
final class ControlApi {
  private final Org org;

  ControlApi(Org org) {
    this.org = org;
  }

  Answer handle(Call call) {
    List<String> rest = call.segments().subList(1, call.segments().size());
    return switch (call.method() + " " + String.join("/", rest)) {
      case "GET stats" -> Answer.ok(org.stats().toJson(org.metering().usage()));
      case "GET records" -> records(call);
      case "GET faults" -> Answer.ok(org.faults().toJson());
      case "POST faults" -> {
        org.faults().add(Fault.parse(call.body()));
        yield Answer.ok(org.faults().toJson());
      }
      case "DELETE faults" -> done(org.faults()::clear);
      case "POST expire-tokens" -> done(org.tokens()::expireAll);
      case "POST client-secret" -> done(() -> org.tokens().clientSecret(secret(call.body())));
      case "POST limits" -> limits(Json.parseObject(call.body()));
      case "POST sequence" -> sequence(Json.parseObject(call.body()));
      case "POST fields" -> field(Json.parseObject(call.body()));
      case "POST jwt-key" -> done(() -> org.tokens().trust(PemKeys.read(call.body())));
      case "DELETE " ->
          done(
              () -> {
                org.store().clear();
                org.stats().clear();
                org.metering().used(0);
              });
      default -> throw ApiException.notFound();
    };
  }

  private static Answer done(Runnable action) {
    action.run();
    return Answer.noContent();
  }

  private static String secret(String body) {
    String secret = Json.parseObject(body).path("clientSecret").asText();
    if (secret.isBlank()) {
      throw bad("clientSecret is missing");
    }
    return secret;
  }

  private Answer records(Call call) {
    ObjectType type = org.store().schema().get(call.query().getOrDefault("object", "Contact"));
    ArrayNode list = Json.array();
    long limit = number(call.query().getOrDefault("limit", "" + Integer.MAX_VALUE));
    org.store().rows(type, call.flag("deleted")).stream()
        .limit(limit)
        .forEach(row -> list.add(Rows.all(row)));
    return Answer.ok(list);
  }

  private Answer limits(ObjectNode body) {
    take(body, "dailyApiRequests", org.metering()::limitDaily);
    take(body, "concurrent", org.metering()::limitConcurrent);
    take(body, "used", org.metering()::used);
    take(body, "lockWaitMs", org.locks()::waitAtMost);
    take(body, "transactionMs", org.saver()::lastFor);
    if (!body.isEmpty()) {
      throw bad("Unknown limits: " + body);
    }
    return Answer.noContent();
  }

  private static void take(ObjectNode body, String name, LongConsumer setting) {
    JsonNode value = body.remove(name);
    if (value == null) {
      return;
    }
    if (!value.canConvertToLong() || value.asLong() < 0) {
      throw bad(name + " is no number of at least 0");
    }
    setting.accept(value.asLong());
  }

  private Answer sequence(ObjectNode body) {
    List<String> fields = new ArrayList<>();
    body.path("fields").forEach(name -> fields.add(name.asText()));
    try {
      Pattern pattern = Pattern.compile(body.path("pattern").asText("seq:(\\d+)"));
      if (fields.isEmpty() || pattern.matcher("").groupCount() < 1) {
        throw bad("fields must not be empty, and pattern needs a group");
      }
      return done(() -> org.stats().readSequenceFrom(fields, pattern));
    } catch (PatternSyntaxException e) {
      throw bad(e.getMessage());
    }
  }

  private Answer field(ObjectNode body) {
    ObjectType type = org.store().schema().get(body.path("object").asText());
    String name = body.path("name").asText();
    if (!name.matches("[A-Za-z]\\w*__c")) {
      throw bad("The name of a custom field ends with __c");
    }
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    if (body.path("externalId").asBoolean()) {
      traits.addAll(EnumSet.of(Trait.EXTERNAL_ID, Trait.ID_LOOKUP));
    }
    if (body.path("unique").asBoolean()) {
      traits.add(Trait.UNIQUE);
    }
    if (body.path("required").asBoolean()) {
      traits.add(Trait.REQUIRED);
    }
    try {
      FieldType kind =
          FieldType.valueOf(body.path("type").asText("string").toUpperCase(Locale.ROOT));
      int length = body.path("length").asInt(255);
      type.add(new Field(name, name.replace("__c", ""), kind, length, Set.copyOf(traits), null));
    } catch (IllegalArgumentException e) {
      throw bad("There is no such type of field");
    }
    return Answer.noContent();
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw bad("limit is no number");
    }
  }

  private static ApiException bad(String message) {
    return new ApiException(400, "INVALID_REQUEST", message);
  }
}
