package io.qanat.lint;

import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An endpoint as YAML names it.
 *
 * @param role the keyword it stands under: from, to, wireTap ..
 * @param at where
 */
record Endpoint(String role, Yaml at, String uri, Yaml parameters) {
  private static final Set<String> SHORT_FORMS =
      Set.of("from", "to", "toD", "wireTap", "poll", "deadLetterUri");
  private static final Set<String> CONSUMING = Set.of("from", "poll", "pollEnrich");

  /** All endpoints in this piece and below it. */
  static Stream<Endpoint> in(Yaml piece) {
    return Stream.concat(
        piece.fields().entrySet().stream()
            .filter(entry -> !entry.getKey().equals("parameters"))
            .flatMap(Endpoint::of),
        piece.items().stream().flatMap(Endpoint::in));
  }

  private static Stream<Endpoint> of(Map.Entry<String, Yaml> entry) {
    String key = entry.getKey();
    Yaml value = entry.getValue();
    Yaml parameters = value.at("parameters");
    if (key.equals("kamelet")) {
      String name = value.isScalar() ? value.text() : value.textAt("name");
      return Stream.of(new Endpoint("to", value, "kamelet:" + name, parameters));
    }
    if (value.isScalar()) {
      return SHORT_FORMS.contains(key)
          ? Stream.of(new Endpoint(key, value, value.text(), Yaml.NOTHING))
          : Stream.empty();
    }
    Stream<Endpoint> here =
        value.find("uri").stream()
            .filter(Yaml::isScalar)
            .map(uri -> new Endpoint(key, uri, uri.text(), parameters));
    return Stream.concat(here, in(value));
  }

  String scheme() {
    return uri.replaceFirst(":.*", "");
  }

  /** What follows the scheme, without a query string. */
  String path() {
    int colon = uri.indexOf(':');
    return colon < 0
        ? ""
        : uri.substring(colon + 1).replaceFirst("^//", "").replaceFirst("\\?.*", "");
  }

  /** The kamelet's name, empty if this is none. */
  String kamelet() {
    return scheme().equals("kamelet") ? path().replaceFirst("/.*", "") : "";
  }

  boolean consumes() {
    return CONSUMING.contains(role);
  }
}
