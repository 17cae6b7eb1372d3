package io.qanat.accept;

import java.io.IOException;
import java.nio.file.Files;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The API page at {@code /api} (Swagger UI over the merged contract) and the contracts themselves.
 */
@Controller
class ApiPage implements WebMvcConfigurer {
  private static final MediaType YAML = MediaType.parseMediaType("application/yaml;charset=UTF-8");
  private static final String WEBJAR = "META-INF/resources/webjars/swagger-ui/";

  private final Contracts contracts;

  ApiPage(Contracts contracts) {
    this.contracts = contracts;
  }

  @Override
  public void addViewControllers(ViewControllerRegistry registry) {
    registry.addRedirectViewController("/api", "/api/index.html");
    registry.addRedirectViewController("/api/", "/api/index.html");
  }

  @Override
  public void addResourceHandlers(ResourceHandlerRegistry registry) {
    registry
        .addResourceHandler("/api/*.html", "/api/*.js", "/api/*.css", "/api/*.png")
        .addResourceLocations("classpath:/api-page/", "classpath:/" + WEBJAR + version() + "/");
  }

  /** Webjars keep their version in the path; their Maven descriptor tells it. */
  private static String version() {
    try (var in =
        new ClassPathResource("META-INF/maven/org.webjars/swagger-ui/pom.properties")
            .getInputStream()) {
      var properties = new java.util.Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new IllegalStateException("The Swagger UI webjar is not on the class path", e);
    }
  }

  @GetMapping("/openapi/qanat.json")
  ResponseEntity<String> merged() {
    return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(contracts.document());
  }

  @GetMapping("/openapi/{flow}.yaml")
  ResponseEntity<byte[]> contract(@PathVariable("flow") String flow) throws IOException {
    var file = contracts.fileOf(flow);
    return file.isPresent()
        ? ResponseEntity.ok().contentType(YAML).body(Files.readAllBytes(file.get()))
        : ResponseEntity.status(404)
            .contentType(MediaType.APPLICATION_PROBLEM_JSON)
            .body(
                new Problem(Problem.Kind.NOT_FOUND, "No flow of this hub has this contract.")
                    .toJson());
  }
}
