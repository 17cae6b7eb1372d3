package io.qanat.security;

import io.qanat.accept.Problem;
import io.qanat.accept.Problem.Kind;
import io.qanat.security.OperatorProperties.Role;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.springframework.boot.autoconfigure.security.SecurityProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.security.web.savedrequest.NullRequestCache;
import org.springframework.security.web.servletapi.SecurityContextHolderAwareRequestFilter;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;

/**
 * Lets only operators to the paths that show and steer the flows, with HTTP Basic. There is no
 * session and no cookie, so there is nothing that another site could abuse.
 *
 * <p>The filters are registered for these paths alone: requests that bring events do not pay for
 * them, and the management port keeps its own rules.
 */
@Configuration(proxyBeanMethods = false)
class OperatorSecurity {
  private static final List<String> PATHS =
      List.of("/flows", "/flows/*", "/dead-letters", "/dead-letters/*");
  private static final Set<String> READS = Set.of("GET", "HEAD");

  @Bean
  FilterRegistrationBean<FilterChainProxy> operatorFilters(OperatorProperties properties)
      throws Exception {
    List<Filter> filters =
        properties.operators().isEmpty()
            ? List.of(refusal())
            : filters(new Passwords(properties.operators()));
    FilterChainProxy proxy =
        new FilterChainProxy(new DefaultSecurityFilterChain(AnyRequestMatcher.INSTANCE, filters));
    proxy.afterPropertiesSet();
    FilterRegistrationBean<FilterChainProxy> registration = new FilterRegistrationBean<>(proxy);
    registration.setName("operators");
    registration.setUrlPatterns(PATHS);
    registration.setOrder(SecurityProperties.DEFAULT_FILTER_ORDER);
    return registration;
  }

  private static Filter refusal() {
    return (request, response, chain) ->
        new Problem(
                Kind.FORBIDDEN,
                "This hub has no operators. Name one in qanat.operators (name, password, role).")
            .write((HttpServletResponse) response);
  }

  private static List<Filter> filters(Passwords passwords) throws Exception {
    BasicAuthenticationFilter login = new BasicAuthenticationFilter(passwords, askForLogin());
    login.afterPropertiesSet();
    SecurityContextHolderAwareRequestFilter caller = new SecurityContextHolderAwareRequestFilter();
    caller.afterPropertiesSet();
    ExceptionTranslationFilter refusals =
        new ExceptionTranslationFilter(askForLogin(), new NullRequestCache());
    refusals.setAccessDeniedHandler(denial());
    refusals.afterPropertiesSet();
    return List.of(login, caller, refusals, new AuthorizationFilter(OperatorSecurity::authorize));
  }

  /** Viewers read; everything else takes an operator. */
  private static AuthorizationDecision authorize(
      Supplier<Authentication> caller, HttpServletRequest request) {
    boolean reads = READS.contains(request.getMethod());
    return new AuthorizationDecision(
        caller.get().getAuthorities().stream()
            .map(a -> Role.valueOf(a.getAuthority()))
            .anyMatch(role -> reads || role == Role.OPERATOR));
  }

  private static AuthenticationEntryPoint askForLogin() {
    return (request, response, e) -> {
      if (e instanceof AuthenticationServiceException) {
        response.setHeader("Retry-After", "1");
        new Problem(Kind.UNAVAILABLE, e.getMessage() + ". Try again shortly.").write(response);
        return;
      }
      response.setHeader("WWW-Authenticate", "Basic realm=\"qanat\", charset=\"UTF-8\"");
      new Problem(
              Kind.UNAUTHORIZED,
              "Log in with HTTP Basic, as one of the operators in qanat.operators.")
          .write(response);
    };
  }

  private static AccessDeniedHandler denial() {
    return (request, response, e) ->
        new Problem(
                Kind.FORBIDDEN,
                "A viewer may only look. Ask for the role operator in qanat.operators.")
            .write(response);
  }
}
