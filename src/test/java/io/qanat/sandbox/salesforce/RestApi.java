package io.qanat.sandbox.salesforce;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /services/data}: authenticates, meters and sends each call to its resource. */
final class RestApi {
  private static final Pattern VERSION = Pattern.compile("v(\\d{1,3})\\.0");
  private static final int FIRST = 46;
  private static final int LAST = 65;
  private static final Set<String> WITH_BODY = Set.of("POST", "PATCH", "PUT");

  private final Org org;
  private final String identityUrl;
  private final SObjectResource sobjects;
  private final CollectionResource collections;
  private final CompositeResource composites;
  private final QueryResource queries;

  RestApi(Org org, String identityUrl) {
    this.org = org;
    this.identityUrl = identityUrl;
    this.sobjects = new SObjectResource(org.store(), org.saver());
    this.collections = new CollectionResource(org.store().schema(), org.saver());
    this.composites = new CompositeResource(this);
    this.queries = new QueryResource(org.store());
  }

  Answer handle(Call call) {
    if (call.segments().size() == 2) {
      return Answer.ok(versions());
    }
    Matcher version = VERSION.matcher(call.segments().get(2));
    if (!version.matches() || !speaks(Integer.parseInt(version.group(1)))) {
      throw ApiException.notFound();
    }
    org.tokens().authenticate(call);
    return serve(call).with("Sforce-Limit-Info", org.metering().info());
  }

  private Answer serve(Call call) {
    try {
      org.metering().begin();
    } catch (ApiException e) {
      return e.answer();
    }
    try (Transaction tx = org.begin(call)) {
      Answer answer = dispatch(call, tx);
      tx.commit();
      return answer;
    } catch (ApiException e) {
      return e.answer();
    } finally {
      org.metering().ended();
    }
  }

  /** Answers a call, or one part of a composite call, as part of a transaction. */
  Answer dispatch(Call call, Transaction tx) {
    List<String> resource = call.resource();
    requireJson(call);
    String first = resource.isEmpty() ? "" : resource.get(0).toLowerCase(Locale.ROOT);
    List<String> rest = resource.isEmpty() ? resource : resource.subList(1, resource.size());
    return switch (first) {
      case "" -> Answer.ok(resources(call));
      case "limits" -> Answer.ok(limits(call));
      case "composite" -> composite(call, rest, tx);
      case "sobjects" -> sobjects.handle(call, rest, tx);
      case "query" -> queries.handle(call, rest, false);
      case "queryall" -> queries.handle(call, rest, true);
      default -> throw ApiException.notFound();
    };
  }

  private Answer composite(Call call, List<String> rest, Transaction tx) {
    if (!rest.isEmpty() && rest.get(0).equalsIgnoreCase("sobjects")) {
      return collections.handle(call, rest.subList(1, rest.size()), tx);
    }
    if (rest.isEmpty()) {
      return composites.handle(call, tx);
    }
    throw ApiException.notFound();
  }

  private ObjectNode resources(Call call) {
    get(call);
    ObjectNode node = Json.object();
    for (String name : List.of("sobjects", "query", "queryAll", "limits", "composite")) {
      node.put(name, "/services/data/" + call.version() + "/" + name);
    }
    return node.put("identity", identityUrl);
  }

  private ObjectNode limits(Call call) {
    get(call);
    long max = org.metering().dailyLimit();
    ObjectNode node = Json.object();
    node.putObject("DailyApiRequests")
        .put("Max", max)
        .put("Remaining", Math.max(0, max - org.metering().usage()));
    return node;
  }

  private static void get(Call call) {
    if (!call.method().equals("GET")) {
      throw ApiException.methodNotAllowed(call.method(), "GET");
    }
  }

  private static void requireJson(Call call) {
    if (!WITH_BODY.contains(call.method())) {
      return;
    }
    String type = call.header("Content-Type").orElse("");
    int end = type.indexOf(';');
    String media = (end < 0 ? type : type.substring(0, end)).strip();
    if (!media.equalsIgnoreCase("application/json")) {
      throw new ApiException(
          415,
          "UNSUPPORTED_MEDIA_TYPE",
          "Content type '%s' is not supported. Use 'application/json'.".formatted(media));
    }
  }

  private static boolean speaks(int version) {
    return version >= FIRST && version <= LAST;
  }

  private static ArrayNode versions() {
    ArrayNode list = Json.array();
    for (int version = FIRST; version <= LAST; version++) {
      // Three releases a year: v46.0 was Summer '19.
      String season = List.of("Spring", "Summer", "Winter").get(version % 3);
      int year = (version - 46) / 3 + (season.equals("Summer") ? 19 : 20);
      list.addObject()
          .put("label", season + " '" + year)
          .put("url", "/services/data/v" + version + ".0")
          .put("version", version + ".0");
    }
    return list;
  }
}
