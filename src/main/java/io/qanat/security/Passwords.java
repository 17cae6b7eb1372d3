package io.qanat.security;

import io.qanat.security.OperatorProperties.Operator;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Tells whether a name and a password are those of an operator.
 *
 * <p>A hash is slow on purpose, so one is computed at a time and few may wait, lest whoever tries
 * passwords takes the processors and the places from the events; and a password that was right once
 * is known by a keyed digest, so that polling costs next to nothing. A name that nobody has costs
 * as much as a wrong password.
 */
final class Passwords implements AuthenticationManager {
  private static final String DIGEST = "HmacSHA256";
  private static final String HASH = "bcrypt";
  static final int MAX_WAITING = 16;

  private final Map<String, Operator> operators;
  private final Operator standIn;
  private final PasswordEncoder encoder;
  private final ReentrantLock oneAtATime = new ReentrantLock();
  private final Map<String, byte[]> right = new ConcurrentHashMap<>();
  private final SecretKeySpec key = new SecretKeySpec(random(), DIGEST);

  Passwords(List<Operator> operators) {
    this(
        operators,
        new DelegatingPasswordEncoder(
            HASH, Map.of(HASH, new BCryptPasswordEncoder(), "noop", new PlainText())));
  }

  Passwords(List<Operator> operators, PasswordEncoder encoder) {
    this.encoder = encoder;
    this.operators =
        operators.stream().collect(Collectors.toMap(Operator::name, Function.identity()));
    this.standIn = operators.get(0);
  }

  @Override
  public Authentication authenticate(Authentication asked) {
    String name = asked.getName();
    String password = String.valueOf(asked.getCredentials());
    Operator operator = operators.get(name);
    if (operator == null) {
      boolean unused = hashed(standIn, password);
    }
    if (operator == null || !matches(operator, password)) {
      throw new BadCredentialsException("Wrong name or password");
    }
    return UsernamePasswordAuthenticationToken.authenticated(
        name, null, List.of(new SimpleGrantedAuthority(operator.role().name())));
  }

  private boolean matches(Operator operator, String password) {
    byte[] digest = digest(operator.name() + ":" + password);
    byte[] known = right.get(operator.name());
    if (known != null && MessageDigest.isEqual(known, digest)) {
      return true;
    }
    boolean matches = hashed(operator, password);
    if (matches) {
      right.put(operator.name(), digest);
    }
    return matches;
  }

  private boolean hashed(Operator operator, String password) {
    if (oneAtATime.getQueueLength() >= MAX_WAITING) {
      throw new AuthenticationServiceException("Too many logins are being checked");
    }
    oneAtATime.lock();
    try {
      return encoder.matches(password, operator.password());
    } finally {
      oneAtATime.unlock();
    }
  }

  private byte[] digest(String text) {
    try {
      Mac mac = Mac.getInstance(DIGEST);
      mac.init(key);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This JVM lacks " + DIGEST, e);
    }
  }

  private static byte[] random() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  /** For sandboxes: the password as it is. */
  private static final class PlainText implements PasswordEncoder {
    @Override
    public String encode(CharSequence password) {
      return password.toString();
    }

    @Override
    public boolean matches(CharSequence password, String encoded) {
      return MessageDigest.isEqual(
          password.toString().getBytes(StandardCharsets.UTF_8),
          encoded.getBytes(StandardCharsets.UTF_8));
    }
  }
}
