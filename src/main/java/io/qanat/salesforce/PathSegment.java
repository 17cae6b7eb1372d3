package io.qanat.salesforce;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Makes data safe to stand between two slashes. */
final class PathSegment {
  private PathSegment() {}

  static String encode(String data) {
    return URLEncoder.encode(data, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
