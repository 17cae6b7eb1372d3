package io.qanat.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qanat.security.OperatorProperties.Operator;
import io.qanat.security.OperatorProperties.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.crypto.password.PasswordEncoder;

class PasswordsTest {
  private final AtomicInteger checks = new AtomicInteger();
  private final AtomicInteger atOnce = new AtomicInteger();
  private final AtomicInteger mostAtOnce = new AtomicInteger();
  private CountDownLatch open = new CountDownLatch(0);

  private final Passwords passwords =
      new Passwords(
          List.of(new Operator("ann", "{noop}secret", Role.OPERATOR)),
          new PasswordEncoder() {
            @Override
            public String encode(CharSequence password) {
              return "{noop}" + password;
            }

            @Override
            public boolean matches(CharSequence password, String encoded) {
              checks.incrementAndGet();
              mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
              try {
                open.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              atOnce.decrementAndGet();
              return encode(password).equals(encoded);
            }
          });

  private Authentication login(String name, String password) {
    return passwords.authenticate(
        UsernamePasswordAuthenticationToken.unauthenticated(name, password));
  }

  @Test
  void hashesAPasswordThatWasRightOnceNoMore() {
    login("ann", "secret");
    assertThat(login("ann", "secret").getName()).isEqualTo("ann");
    assertThat(checks).hasValue(1);

    assertThatThrownBy(() -> login("ann", "wrong")).isInstanceOf(BadCredentialsException.class);
    assertThatThrownBy(() -> login("ann", "wrong")).isInstanceOf(BadCredentialsException.class);
    assertThat(checks).hasValue(3);
  }

  @Test
  void worksAsMuchForANameThatNobodyHas() {
    assertThatThrownBy(() -> login("eve", "secret")).isInstanceOf(BadCredentialsException.class);

    assertThat(checks).hasValue(1);
    login("ann", "secret");
    assertThatThrownBy(() -> login("eve", "secret")).isInstanceOf(BadCredentialsException.class);
    assertThat(checks).hasValue(3);
  }

  @Test
  void checksOneAtATimeAndTurnsAwayWhoWouldWaitTooLong() throws InterruptedException {
    open = new CountDownLatch(1);
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i <= Passwords.MAX_WAITING; i++) {
      String password = "wrong" + i;
      Thread caller = new Thread(() -> assertThatThrownBy(() -> login("ann", password)));
      caller.setDaemon(true);
      caller.start();
      callers.add(caller);
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> callers.stream().allMatch(c -> c.getState() == Thread.State.WAITING));

    assertThatThrownBy(() -> login("ann", "one more"))
        .isInstanceOf(AuthenticationServiceException.class);

    open.countDown();
    for (Thread caller : callers) {
      caller.join();
    }
    assertThat(mostAtOnce).hasValue(1);
    assertThat(login("ann", "secret").getName()).isEqualTo("ann");
  }
}
