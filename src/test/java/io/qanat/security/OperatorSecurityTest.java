package io.qanat.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.qanat.security.OperatorProperties.Operator;
import io.qanat.security.OperatorProperties.Role;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

class OperatorSecurityTest {
  private static final Operator ANN =
      new Operator(
          "ann", "{bcrypt}" + new BCryptPasswordEncoder(4).encode("secret"), Role.OPERATOR);
  private static final Operator VIC = new Operator("vic", "{noop}look", Role.VIEWER);

  private final MockHttpServletResponse response = new MockHttpServletResponse();
  private final List<String> callers = new ArrayList<>();
  private final FilterChain chain =
      (request, response) -> callers.add(((HttpServletRequest) request).getRemoteUser());

  private void call(List<Operator> operators, String method, @Nullable String login)
      throws Exception {
    MockHttpServletRequest request = new MockHttpServletRequest(method, "/flows");
    if (login != null) {
      request.addHeader(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
    }
    Filter filters =
        new OperatorSecurity().operatorFilters(new OperatorProperties(operators)).getFilter();
    filters.doFilter(request, response, chain);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,    ann:secret, 200",
    "POST,   ann:secret, 200",
    "DELETE, ann:secret, 200",
    "GET,    vic:look,   200",
    "HEAD,   vic:look,   200",
    "POST,   vic:look,   403",
    "DELETE, vic:look,   403",
    "GET,    ann:Secret, 401",
    "GET,    ann:look,   401",
    "GET,    eve:secret, 401",
    "GET,    eve:look,   401",
    "POST,   ,           401",
    "GET,    ann,        401",
  })
  void letsEachDoWhatTheirRoleAllows(String method, @Nullable String login, int status)
      throws Exception {
    call(List.of(ANN, VIC), method, login);

    assertThat(response.getStatus()).isEqualTo(status);
    assertThat(callers).hasSize(status == 200 ? 1 : 0);
    if (status != 200) {
      assertThat(response.getContentType()).isEqualTo("application/problem+json");
    }
    assertThat(response.containsHeader("WWW-Authenticate")).isEqualTo(status == 401);
  }

  @Test
  void tellsWhoCallsAndForgetsItAfterwards() throws Exception {
    call(List.of(ANN), "GET", "ann:secret");

    assertThat(callers).containsExactly("ann");
    assertThat(SecurityContextHolder.getContext().getAuthentication()).isNull();
    assertThat(response.getCookies()).isEmpty();
  }

  @Test
  void letsNobodyInAndSaysWhyWhereNobodyIsConfigured() throws Exception {
    call(List.of(), "GET", "ann:secret");

    assertThat(response.getStatus()).isEqualTo(403);
    assertThat(response.getContentAsString()).contains("qanat.operators");
    assertThat(callers).isEmpty();
  }

  @Test
  void standsBeforeTheOperatorsPathsAlone() throws Exception {
    assertThat(
            new OperatorSecurity()
                .operatorFilters(new OperatorProperties(List.of(ANN)))
                .getUrlPatterns())
        .containsExactly("/flows", "/flows/*", "/dead-letters", "/dead-letters/*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name=ann,password={noop},role=viewer",
        "name=ann,role=viewer",
        "name=ann,password=s3cr3t,role=viewer",
        "name=ann,password={MD5}s3cr3t,role=viewer",
        "name=ann,password={noop}s3cr3t,role=boss",
        "name=ann,password={noop}s3cr3t",
        "name=a:b,password={noop}s3cr3t,role=viewer",
        "password={noop}s3cr3t,role=viewer",
      })
  void doesNotStartWithAnOperatorThatIsNotWhole(String operator) {
    String[] properties =
        Arrays.stream(operator.split(","))
            .map(p -> "qanat.operators[0]." + p)
            .toArray(String[]::new);

    new ApplicationContextRunner()
        .withUserConfiguration(Settings.class)
        .withPropertyValues(properties)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("qanat.operators")
                    .satisfies(
                        failure -> {
                          for (Throwable t = failure; t != null; t = t.getCause()) {
                            assertThat(t.getMessage()).doesNotContain("s3cr3t");
                          }
                        }));
  }

  @Test
  void doesNotStartWithTwoOperatorsOfOneName() {
    new ApplicationContextRunner()
        .withUserConfiguration(Settings.class)
        .withPropertyValues(
            "qanat.operators[0].name=ann",
            "qanat.operators[0].password={noop}a",
            "qanat.operators[0].role=viewer",
            "qanat.operators[1].name=ann",
            "qanat.operators[1].password={noop}b",
            "qanat.operators[1].role=operator")
        .run(
            context -> assertThat(context).getFailure().hasStackTraceContaining("names ann twice"));
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(OperatorProperties.class)
  static class Settings {}
}
