package io.qanat.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qanat.ServerCheck;
import io.qanat.accept.ProblemException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerChecksTest {
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final AtomicInteger asked = new AtomicInteger();

  /** A server that answers, or does not. */
  private record Stand(String name, boolean answers, AtomicInteger asked) implements ServerCheck {
    @Override
    public void check() {
      asked.incrementAndGet();
      if (!answers) {
        throw new IllegalStateException("secret");
      }
    }
  }

  @BeforeEach
  void bind() {
    camel.getRegistry().bind("a", new Stand("kafka", true, asked));
    camel.getRegistry().bind("b", new Stand("mongodb", false, asked));
    camel.getRegistry().bind("c", new Stand("redis", false, asked));
  }

  private ServerChecks checks(String servers) {
    ServerChecks checks = new ServerChecks();
    checks.setCamelContext(camel);
    checks.setServers(servers);
    checks.start();
    return checks;
  }

  @Test
  void goesOnWhileTheServersAnswer() {
    assertThatCode(() -> checks("kafka").check()).doesNotThrowAnyException();
  }

  @Test
  void namesThoseThatDoNotAnswerAndNothingElse() {
    assertThatThrownBy(() -> checks("kafka, mongodb,redis").check())
        .isInstanceOf(ProblemException.class)
        .hasMessage("No answer from mongodb and redis.");
  }

  @Test
  void asksOnceForManyCallers() {
    ServerChecks checks = checks("kafka");
    for (int i = 0; i < 100; i++) {
      checks.check();
    }

    assertThat(asked).hasValueLessThan(5);
  }

  @Test
  void saysWhichServersThereAre() {
    assertThatThrownBy(() -> checks("kafka,mongo"))
        .hasMessage("server-check-action knows no server mongo, only [kafka, mongodb, redis]");
  }
}
