package io.qanat.sandbox.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/** Verifies the RS256 assertions of the JWT bearer flow. */
final class JwtBearer {
  static final String GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer";

  private static final Set<String> LOGIN_URLS =
      Set.of("https://login.salesforce.com", "https://test.salesforce.com");

  private final Tokens tokens;
  private final Clock clock;
  private final URI url;

  JwtBearer(Tokens tokens, Clock clock, URI url) {
    this.tokens = tokens;
    this.clock = clock;
    this.url = url;
  }

  /** Why the assertion is no good, or nothing. */
  Optional<String> refuses(String assertion) {
    String[] parts = assertion.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.of("invalid assertion");
    }
    try {
      JsonNode header = Json.parse(new String(decode(parts[0]), StandardCharsets.UTF_8));
      JsonNode claims = Json.parse(new String(decode(parts[1]), StandardCharsets.UTF_8));
      Optional<PublicKey> key = tokens.clientKey();
      boolean signed =
          header.path("alg").asText().equals("RS256")
              && key.isPresent()
              && verifies(key.get(), parts[0] + "." + parts[1], decode(parts[2]));
      return signed ? refuses(claims) : Optional.of("invalid assertion");
    } catch (ApiException | IllegalArgumentException e) {
      return Optional.of("invalid assertion");
    }
  }

  private Optional<String> refuses(JsonNode claims) {
    if (!claims.path("iss").asText().equals(Tokens.CLIENT_ID)) {
      return Optional.of("invalid client id");
    }
    String audience = claims.path("aud").asText().replaceAll("/$", "");
    if (!LOGIN_URLS.contains(audience) && !audience.equals(url.toString())) {
      return Optional.of("audience is invalid");
    }
    // Some libraries write exp as a string; the API takes both.
    if (claims.path("exp").asLong(0) <= clock.instant().getEpochSecond()) {
      return Optional.of("expired authorization code");
    }
    return claims.path("sub").asText().equalsIgnoreCase(Tokens.USERNAME)
        ? Optional.empty()
        : Optional.of("user hasn't approved this consumer");
  }

  private static boolean verifies(PublicKey key, String signed, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance("SHA256withRSA");
      verifier.initVerify(key);
      verifier.update(signed.getBytes(StandardCharsets.US_ASCII));
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static byte[] decode(String part) {
    return Base64.getUrlDecoder().decode(part);
  }
}
