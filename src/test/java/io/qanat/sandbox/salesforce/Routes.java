package io.qanat.sandbox.salesforce;

import java.util.List;
import java.util.Locale;

/** Names the route of a call for the statistics: the method and the path without ids and keys. */
final class Routes {
  private Routes() {}

  static String name(Call call) {
    return call.method() + " " + path(call);
  }

  private static String path(Call call) {
    List<String> segments = call.segments();
    if (segments.size() < 2 || !segments.get(0).equals("services")) {
      return segments.isEmpty() ? "/" : segments.get(0);
    }
    if (!segments.get(1).equals("data")) {
      int kept = segments.get(1).equals("oauth2") ? Math.min(3, segments.size()) : 2;
      return String.join("/", segments.subList(1, kept));
    }
    List<String> resource = call.resource();
    if (resource.isEmpty()) {
      return "data";
    }
    boolean external = resource.size() >= 4 || (resource.size() == 3 && isWord(resource.get(2)));
    int kept =
        switch (resource.get(0).toLowerCase(Locale.ROOT)) {
          case "composite", "jobs" -> 2;
          case "sobjects" -> external ? 3 : 2;
          default -> 1;
        };
    return String.join("/", resource.subList(0, Math.min(kept, resource.size())));
  }

  private static boolean isWord(String segment) {
    return segment.equalsIgnoreCase("describe");
  }
}
