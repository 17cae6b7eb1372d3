package io.qanat.sandbox.salesforce;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The token endpoint and what belongs to it. */
final class OAuth {
  private final Store store;
  private final Tokens tokens;
  private final Stats stats;
  private final Clock clock;
  private final JwtBearer jwtBearer;
  private final URI url;

  OAuth(Store store, Tokens tokens, Stats stats, Clock clock, URI url) {
    this.store = store;
    this.tokens = tokens;
    this.stats = stats;
    this.clock = clock;
    this.url = url;
    this.jwtBearer = new JwtBearer(tokens, clock, url);
  }

  Answer handle(Call call, String endpoint) {
    return switch (endpoint) {
      case "token" -> {
        allow(call, "POST");
        yield token(call);
      }
      case "revoke" -> {
        allow(call, "GET", "POST");
        yield revoke(call);
      }
      case "userinfo" -> {
        allow(call, "GET", "POST");
        tokens.authenticate(call);
        yield Answer.ok(userInfo());
      }
      default -> Answer.html(404, "URL No Longer Exists");
    };
  }

  /** {@code /id/<org>/<user>}. */
  Answer identity(Call call) {
    allow(call, "GET", "POST");
    tokens.authenticate(call);
    if (!call.segments().equals(List.of("id", store.orgId(), store.userId()))) {
      return Answer.html(404, "Bad_Id");
    }
    ObjectNode identity = userInfo();
    identity
        .put("id", identityUrl())
        .put("asserted_user", true)
        .put("username", Tokens.USERNAME)
        .put("nick_name", "qanat")
        .put("display_name", "Qanat Sandbox")
        .put("first_name", "Qanat")
        .put("last_name", "Sandbox")
        .put("timezone", "GMT")
        .put("last_modified_date", "2026-01-01T00:00:00Z");
    identity.putObject("status").putNull("created_date").putNull("body");
    return Answer.ok(identity);
  }

  String identityUrl() {
    return url + "/id/" + store.orgId() + "/" + store.userId();
  }

  private Answer token(Call call) {
    String type = call.header("Content-Type").orElse("");
    if (!type.startsWith("application/x-www-form-urlencoded")) {
      return error("unsupported_grant_type", "grant type not supported");
    }
    Map<String, String> form = new LinkedHashMap<>(call.query());
    form.putAll(Call.form(call.body()));
    call.header("Authorization").ifPresent(header -> addBasic(form, header));
    return switch (form.getOrDefault("grant_type", "")) {
      case "client_credentials" -> client(form, true);
      case "password" -> password(form);
      case "refresh_token" -> refresh(form);
      case JwtBearer.GRANT_TYPE ->
          jwtBearer
              .refuses(form.getOrDefault("assertion", ""))
              .map(why -> error("invalid_grant", why))
              .orElseGet(this::grant);
      default -> error("unsupported_grant_type", "grant type not supported");
    };
  }

  private Answer password(Map<String, String> form) {
    Answer client = client(form, false);
    boolean right =
        Tokens.USERNAME.equalsIgnoreCase(form.get("username"))
            && Tokens.PASSWORD.equals(form.get("password"));
    if (client.status() == 200 && !right) {
      return error("invalid_grant", "authentication failure");
    }
    return client.status() == 200 ? grant() : client;
  }

  private Answer refresh(Map<String, String> form) {
    Answer client = client(form, false);
    if (client.status() == 200 && !tokens.isRefreshToken(form.getOrDefault("refresh_token", ""))) {
      return error("invalid_grant", "expired access/refresh token");
    }
    return client.status() == 200 ? grant() : client;
  }

  private Answer client(Map<String, String> form, boolean granting) {
    if (!Tokens.CLIENT_ID.equals(form.get("client_id"))) {
      return error("invalid_client_id", "client identifier invalid");
    }
    if (!tokens.isClientSecret(form.get("client_secret"))) {
      return error("invalid_client", "invalid client credentials");
    }
    return granting ? grant() : Answer.ok(Json.object());
  }

  private Answer grant() {
    stats.loggedIn();
    return Answer.ok(
        Json.object()
            .put("access_token", tokens.issue(store.orgId()))
            .put("signature", "c2lnbmF0dXJlIG9mIHRoZSBzYW5kYm94")
            .put("scope", "api")
            .put("instance_url", url.toString())
            .put("id", identityUrl())
            .put("token_type", "Bearer")
            .put("issued_at", String.valueOf(clock.millis())));
  }

  private Answer revoke(Call call) {
    Map<String, String> form = new LinkedHashMap<>(call.query());
    form.putAll(Call.form(call.body()));
    if (tokens.revoke(form.getOrDefault("token", ""))) {
      return Answer.text(200, "", "");
    }
    return error("unsupported_token_type", "this token type is not supported");
  }

  private ObjectNode userInfo() {
    String data = url + "/services/data/v{version}/";
    ObjectNode node =
        Json.object()
            .put("sub", identityUrl())
            .put("user_id", store.userId())
            .put("organization_id", store.orgId())
            .put("preferred_username", Tokens.USERNAME)
            .put("nickname", "qanat")
            .put("name", "Qanat Sandbox")
            .put("email", Tokens.USERNAME)
            .put("email_verified", true)
            .put("given_name", "Qanat")
            .put("family_name", "Sandbox")
            .put("zoneinfo", "GMT")
            .put("active", true)
            .put("is_app_installed", true)
            .put("user_type", "STANDARD")
            .put("language", "en_US")
            .put("locale", "en_US")
            .put("utcOffset", 0);
    node.putObject("photos");
    node.putObject("urls")
        .put("rest", data)
        .put("sobjects", data + "sobjects/")
        .put("query", data + "query/")
        .put("partner", url + "/services/Soap/u/{version}/" + store.orgId().substring(0, 15))
        .put("profile", url + "/" + store.userId())
        .put("custom_domain", url.toString());
    return node;
  }

  private static void addBasic(Map<String, String> form, String header) {
    if (!header.regionMatches(true, 0, "Basic ", 0, 6)) {
      return;
    }
    try {
      byte[] plain = Base64.getDecoder().decode(header.substring(6).strip());
      String pair = new String(plain, StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      if (colon >= 0) {
        form.putAll(
            Call.form(
                "client_id="
                    + pair.substring(0, colon)
                    + "&client_secret="
                    + pair.substring(colon + 1)));
      }
    } catch (IllegalArgumentException e) {
      form.remove("client_id");
    }
  }

  private static void allow(Call call, String... methods) {
    if (!List.of(methods).contains(call.method())) {
      throw ApiException.methodNotAllowed(call.method(), String.join(",", methods));
    }
  }

  private static Answer error(String code, String description) {
    return Answer.json(400, Json.object().put("error", code).put("error_description", description));
  }
}
