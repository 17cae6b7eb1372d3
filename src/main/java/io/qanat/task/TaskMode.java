package io.qanat.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Where {@value #PROPERTY} names a task, the hub serves nobody: there is no web server, the routes
 * are read to know their lanes and none is loaded, and of the hub's beans there are only those that
 * tasks need. So a task needs no secret of a server that it does not talk to.
 */
class TaskMode implements EnvironmentPostProcessor, Ordered {
  static final String PROPERTY = "qanat.task";

  private static final String EXCLUDE = "spring.autoconfigure.exclude";
  // It wants the beans that filter headers of requests.
  private static final String PLATFORM_HTTP =
      "org.apache.camel.component.platform.http.springboot.";

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    if (!environment.getProperty(PROPERTY, "").isBlank()) {
      environment
          .getPropertySources()
          .addFirst(new MapPropertySource(PROPERTY, settings(excluded(environment))));
      application.addInitializers(TaskMode::leaveOutWhatServes);
    }
  }

  private static Map<String, Object> settings(List<String> excluded) {
    return Map.of(
        "spring.main.web-application-type",
        "none",
        EXCLUDE,
        String.join(",", excluded),
        // What the platform's files define is no lane, or needs the web server.
        "camel.main.routes-exclude-pattern",
        "**/routes/platform/**",
        "camel.component.rest-openapi.enabled",
        "false",
        "management.endpoint.health.validate-group-membership",
        "false",
        // What is wrong is said in the one line at the end.
        "logging.level.org.apache.kafka",
        "ERROR",
        "logging.level.org.flywaydb",
        "OFF",
        "logging.level.com.zaxxer.hikari",
        "ERROR");
  }

  private static List<String> excluded(ConfigurableEnvironment environment) {
    List<String> excluded =
        new ArrayList<>(
            Binder.get(environment).bind(EXCLUDE, Bindable.listOf(String.class)).orElse(List.of()));
    excluded.add(PLATFORM_HTTP + "PlatformHttpComponentAutoConfiguration");
    excluded.add(PLATFORM_HTTP + "SpringBootPlatformWebMvcConfiguration");
    return excluded;
  }

  private static void leaveOutWhatServes(ConfigurableApplicationContext context) {
    context.getBeanFactory().registerSingleton("taskBeans", new TaskBeans());
  }

  /** After the configuration files, so that these can name the task too. */
  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE;
  }
}
