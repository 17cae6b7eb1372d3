package io.qanat.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FailureClassifierTest {
  static Stream<Throwable> outages() {
    return Stream.of(
        new ConnectException("refused"),
        new SocketTimeoutException("read"),
        new TimeoutException("12 s"),
        new InterruptedException(),
        new SQLTransientConnectionException("no connection in the pool"),
        new SQLRecoverableException("closed"),
        new SQLNonTransientConnectionException("gone"));
  }

  @ParameterizedTest
  @MethodSource("outages")
  void takesAnOutageForTransientHoweverDeepItLies(Throwable outage) {
    Failure failure =
        FailureClassifier.classify(
            new CamelExecutionException(
                "Exchange", null, new IllegalStateException(new RuntimeException(outage))));

    assertThat(failure.failureClass()).isEqualTo(FailureClass.TRANSIENT);
    assertThat(failure.code()).isEqualTo("SINK_UNREACHABLE");
  }

  static Stream<Throwable> bugs() {
    return Stream.of(
        new NullPointerException(),
        new IllegalStateException("bug"),
        new SQLException("syntax"),
        new UncheckedIOException(new JsonParseException("not JSON")),
        new UncheckedIOException(new CharConversionException("not UTF-8")));
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void takesABugForUnknownSoThatItCannotHoldTheFlowForEver(Throwable bug) {
    assertThat(FailureClassifier.classify(bug).failureClass()).isEqualTo(FailureClass.UNKNOWN);
  }

  @Test
  void boundsTheMessage() {
    assertThat(FailureClassifier.classify(new IOException("x".repeat(9_999))).message())
        .startsWith("IOException: xxx")
        .hasSize(500);
  }

  @Test
  void saysTheKindWhereThereIsNoMessage() {
    assertThat(FailureClassifier.classify(new NullPointerException()).message())
        .isEqualTo("NullPointerException");
  }
}
