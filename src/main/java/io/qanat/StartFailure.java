package io.qanat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says in one line why the hub does not start, where a route, a kamelet, a contract or a property
 * is at fault: whoever deploys a flow needs the file and the reason, not the way through Camel. The
 * stack trace is there at level {@code debug}. What Spring Boot knows itself, such as a port that
 * is taken, it tells itself.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public class StartFailure implements SpringBootExceptionReporter {
  private static final Logger LOG = LoggerFactory.getLogger(StartFailure.class);
  private static final Pattern ROUTE =
      Pattern.compile("Failed to create route: (\\S+)(?: \\(source: ([^)]*)\\))?");
  private static final Pattern MISSING_PROPERTY =
      Pattern.compile("Property with key \\[([^]]*)] not found.*");

  /** What Spring Boot makes its reporters with; the context is of no use here. */
  StartFailure(ConfigurableApplicationContext context) {}

  @Override
  public boolean reportException(Throwable failure) {
    Optional<String> told = tell(failure);
    told.ifPresent(
        line -> {
          LOG.error("The hub does not start: {}", line);
          LOG.debug("The hub does not start", failure);
        });
    return told.isPresent();
  }

  /** The reason in one line; empty if neither Camel nor the hub's own code gave one. */
  public static Optional<String> tell(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = failure; t != null && !chain.contains(t); t = t.getCause()) {
      chain.add(t);
    }
    Collections.reverse(chain);
    Optional<Throwable> own = chain.stream().filter(StartFailure::isOurs).findFirst();
    boolean camel =
        chain.stream().anyMatch(t -> t.getClass().getName().startsWith("org.apache.camel."));
    if (own.isEmpty() && !camel) {
      return Optional.empty();
    }
    String root = oneLine(chain.get(0));
    String reason =
        own.map(StartFailure::oneLine)
            .map(words -> words.contains(root) ? words : words + ": " + root)
            .orElse(root);
    return Optional.of(reason + route(chain, reason));
  }

  private static boolean isOurs(Throwable t) {
    StackTraceElement[] trace = t.getStackTrace();
    return trace.length > 0 && trace[0].getClassName().startsWith("io.qanat.");
  }

  /** The route that could not be made, which the reason alone seldom tells. */
  private static String route(List<Throwable> chain, String reason) {
    return chain.stream()
        .map(t -> ROUTE.matcher(String.valueOf(t.getMessage())))
        .filter(Matcher::find)
        .map(m -> m.group(2) == null ? m.group(1) : m.group(1) + ", " + m.group(2))
        .filter(place -> !reason.contains(place))
        .map(place -> " (route " + place + ")")
        // The outermost is the flow's own, those within are of kamelets.
        .reduce((inner, outer) -> outer)
        .orElse("");
  }

  /** The message without the lines that only quote the file. */
  private static String oneLine(Throwable t) {
    String message = t.getMessage() == null ? t.getClass().getSimpleName() : t.getMessage();
    Matcher missing = MISSING_PROPERTY.matcher(message);
    if (missing.lookingAt()) {
      return "the property %s is not set; set it in the configuration or as %s in the environment"
          .formatted(missing.group(1), environmentName(missing.group(1)));
    }
    return message
        .lines()
        .filter(line -> !line.startsWith("    "))
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining(" "));
  }

  private static String environmentName(String property) {
    return property.replace("-", "").replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }
}
