package io.qanat.overlay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.FileSystemUtils;

/**
 * Where {@code qanat.overlay} names folders, assembles them and the home into a temporary one,
 * before anything reads {@code qanat.home}, and has that be the home. It goes when the hub ends.
 */
class OverlaidHome implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {
  static final String OVERLAY = "qanat.overlay";
  static final String HOME = "qanat.home";

  private static final Logger LOG = LoggerFactory.getLogger(OverlaidHome.class);

  @Override
  public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
    ConfigurableEnvironment environment = event.getEnvironment();
    Layers layers = layers(environment);
    event
        .getSpringApplication()
        .addInitializers(
            context -> context.getBeanFactory().registerSingleton("qanatLayers", layers));
    if (!layers.overlays().isEmpty()) {
      Path assembled = assemble(layers);
      environment
          .getPropertySources()
          .addFirst(new MapPropertySource(OVERLAY, Map.of(HOME, assembled.toString())));
    }
  }

  private static Layers layers(ConfigurableEnvironment environment) {
    List<String> overlays =
        Binder.get(environment).bind(OVERLAY, Bindable.listOf(String.class)).orElse(List.of());
    return new Layers(
        Path.of(environment.getProperty(HOME, ".")), overlays.stream().map(Path::of).toList());
  }

  private static Path assemble(Layers layers) {
    Path folder;
    try {
      folder = Files.createTempDirectory("qanat-home");
    } catch (IOException e) {
      throw new UncheckedIOException(
          "qanat.overlay needs a folder for temporary files that can be written to (java.io.tmpdir)",
          e);
    }
    // After all that reads from it is closed, also where the hub does not start.
    SpringApplication.getShutdownHandlers().add(() -> delete(folder));
    layers.told().forEach(LOG::info);
    layers.assemble(folder);
    LOG.info("qanat.home is now {}", folder);
    return folder;
  }

  private static void delete(Path folder) {
    try {
      FileSystemUtils.deleteRecursively(folder);
    } catch (IOException e) {
      LOG.warn("{} cannot be deleted: {}", folder, e.getMessage());
    }
  }

  /** Once something can be logged, and before the application's own settings are bound. */
  @Override
  public int getOrder() {
    return LoggingApplicationListener.DEFAULT_ORDER + 1;
  }
}
