package io.qanat.sandbox.salesforce;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A request as the API reads it: doubled and trailing slashes gone, the body unzipped. */
record Call(
    String method,
    String path,
    List<String> segments,
    Map<String, String> query,
    Map<String, String> headers,
    String body,
    @Nullable Fault rowLock) {

  static Call read(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
    byte[] body = exchange.getRequestBody().readAllBytes();
    if ("gzip".equalsIgnoreCase(headers.get("Content-Encoding"))) {
      try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(body))) {
        body = plain.readAllBytes();
      } catch (IOException e) {
        throw new ApiException(400, "JSON_PARSER_ERROR", "The body is not gzip");
      }
    }
    return of(
        exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, text(body));
  }

  static Call of(String method, String uri, Map<String, String> headers, String body) {
    int mark = uri.indexOf('?');
    String path = mark < 0 ? uri : uri.substring(0, mark);
    Map<String, String> query = mark < 0 ? Map.of() : form(uri.substring(mark + 1));
    // Clients that cannot send PATCH tunnel it through POST.
    String tunnelled = method.equals("POST") ? query.getOrDefault("_HttpMethod", "") : "";
    return new Call(
        tunnelled.isEmpty() ? method : tunnelled.toUpperCase(Locale.ROOT),
        path,
        segments(path),
        query,
        headers,
        body,
        null);
  }

  Call withRowLock(Fault fault) {
    return new Call(method, path, segments, query, headers, body, fault);
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  boolean flag(String parameter) {
    return query.getOrDefault(parameter, "false").equalsIgnoreCase("true");
  }

  /** The path below the version, without empty segments: what the resources are told apart by. */
  List<String> resource() {
    return segments.size() < 4 ? List.of() : segments.subList(3, segments.size());
  }

  String version() {
    return segments.get(2);
  }

  static Map<String, String> form(String encoded) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : encoded.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (!pair.isEmpty()) {
        String name = equals < 0 ? pair : pair.substring(0, equals);
        String value = equals < 0 ? "" : pair.substring(equals + 1);
        values.put(decode(name), decode(value));
      }
    }
    return values;
  }

  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : path.split("/", -1)) {
      if (!segment.isEmpty()) {
        segments.add(decode(segment.replace("+", "%2B")));
      }
    }
    return List.copyOf(segments);
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new ApiException(400, "MALFORMED_QUERY", "The URL is not well encoded");
    }
  }

  private static String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException e) {
      throw Json.parserError("The body is not UTF-8");
    }
  }
}
