package io.qanat.sandbox.salesforce;

import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The sandbox's one client, one user and one refresh token, and the sessions given out to them. */
final class Tokens {
  static final String CLIENT_ID = "qanat";
  static final String CLIENT_SECRET = "qanat";
  static final String USERNAME = "qanat@example.com";
  static final String PASSWORD = "qanat";
  static final String REFRESH_TOKEN = "qanat";

  private static final Duration SESSION = Duration.ofHours(2);

  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Instant> sessions = new ConcurrentHashMap<>();
  private final Set<String> refreshTokens = ConcurrentHashMap.newKeySet();
  private volatile @Nullable PublicKey clientKey;
  private volatile String clientSecret = CLIENT_SECRET;

  Tokens(Clock clock) {
    this.clock = clock;
    refreshTokens.add(REFRESH_TOKEN);
  }

  String issue(String orgId) {
    byte[] secret = new byte[48];
    random.nextBytes(secret);
    String token =
        orgId.substring(0, 15)
            + "!AQ"
            + Base64.getUrlEncoder().withoutPadding().encodeToString(secret).replace('-', '.');
    sessions.put(token, clock.instant().plus(SESSION));
    return token;
  }

  /** The session that the call carries, or 401. */
  String authenticate(Call call) {
    String header = call.header("Authorization").orElseThrow(ApiException::invalidSession);
    int space = header.indexOf(' ');
    String scheme = space < 0 ? header : header.substring(0, space);
    if (space < 0 || !(scheme.equalsIgnoreCase("Bearer") || scheme.equalsIgnoreCase("OAuth"))) {
      throw new ApiException(401, "INVALID_AUTH_HEADER", "INVALID_AUTH_HEADER");
    }
    String token = header.substring(space + 1).strip();
    if (!isValid(token)) {
      throw ApiException.invalidSession();
    }
    return token;
  }

  boolean isValid(String token) {
    Instant end = sessions.get(token);
    return end != null && clock.instant().isBefore(end);
  }

  boolean isRefreshToken(String token) {
    return refreshTokens.contains(token);
  }

  boolean revoke(String token) {
    return sessions.remove(token) != null || refreshTokens.remove(token);
  }

  void expireAll() {
    sessions.clear();
  }

  boolean isClientSecret(@Nullable String secret) {
    return clientSecret.equals(secret);
  }

  void clientSecret(String secret) {
    clientSecret = secret;
  }

  void trust(PublicKey key) {
    clientKey = key;
  }

  Optional<PublicKey> clientKey() {
    return Optional.ofNullable(clientKey);
  }
}
