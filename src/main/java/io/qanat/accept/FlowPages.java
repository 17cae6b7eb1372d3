package io.qanat.accept;

import io.qanat.Flows;
import io.qanat.HubProperties;
import io.qanat.HubProperties.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The pages of flows: whatever is below {@code routes/<flow>/pages/<name>/} is at {@code /<name>/},
 * with libraries from web jars at {@code /webjars/}. They ask the hub's own API.
 */
@Component
class FlowPages implements WebMvcConfigurer {
  private final List<Path> pages;

  FlowPages(Flows flows, HubProperties properties) {
    pages =
        properties.roles().contains(Role.QUERY)
            ? flows.names().stream().flatMap(f -> folders(flows.folder(f)).stream()).toList()
            : List.of();
  }

  private static List<Path> folders(Path flow) {
    Path pages = flow.resolve("pages");
    if (!Files.isDirectory(pages)) {
      return List.of();
    }
    try (var folders = Files.list(pages)) {
      return folders.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + pages, e);
    }
  }

  @Override
  public void addViewControllers(ViewControllerRegistry registry) {
    for (Path page : pages) {
      String path = "/" + page.getFileName();
      registry.addRedirectViewController(path, path + "/");
      registry.addViewController(path + "/").setViewName("forward:" + path + "/index.html");
    }
  }

  @Override
  public void addResourceHandlers(ResourceHandlerRegistry registry) {
    for (Path page : pages) {
      registry
          .addResourceHandler("/" + page.getFileName() + "/**")
          .addResourceLocations("file:" + page.toAbsolutePath().normalize() + "/");
    }
    if (!pages.isEmpty()) {
      registry
          .addResourceHandler("/webjars/**")
          .addResourceLocations("classpath:/META-INF/resources/webjars/");
    }
  }
}
