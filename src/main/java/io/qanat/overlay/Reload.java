package io.qanat.overlay;

import io.qanat.Flows;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Looks again and again at the files of the home and its overlays, compares their content with what
 * runs, and has changed routes updated. What else changed is said to need a restart.
 */
@Component
@ConditionalOnProperty("qanat.reload")
class Reload {
  private static final Logger LOG = LoggerFactory.getLogger(Reload.class);
  private static final Pattern ROUTE = Pattern.compile("routes/([^/]+)/([^/]+)[.]camel[.]yaml");

  private final Layers layers;
  private final Flows flows;
  private final RouteUpdate routes;
  private final ReloadProperties properties;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread t = new Thread(task, "qanat-reload");
            t.setDaemon(true);
            return t;
          });
  private final Map<String, ByteBuffer> seen;
  // Of routes: what runs, which is not what was seen last if that was refused.
  private final Map<String, ByteBuffer> running;
  private String trouble = "";

  Reload(Layers layers, Flows flows, RouteUpdate routes, ReloadProperties properties) {
    this.layers = layers;
    this.flows = flows;
    this.routes = routes;
    this.properties = properties;
    seen = new TreeMap<>(contents(HomeFiles.ofHome(flows.home())));
    running = new HashMap<>(seen);
  }

  @EventListener(ApplicationReadyEvent.class)
  void start() {
    long interval = properties.reloadInterval().toMillis();
    var unused =
        thread.scheduleWithFixedDelay(this::look, interval, interval, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      compare(contents(layers.files()));
      trouble = "";
    } catch (RuntimeException e) {
      String reason = String.valueOf(e.getMessage());
      if (!reason.equals(trouble)) {
        LOG.warn("What changed cannot be told, and all goes on as it is: {}", reason);
      }
      trouble = reason;
    }
  }

  private static Map<String, ByteBuffer> contents(Map<String, Path> files) {
    Map<String, ByteBuffer> contents = new TreeMap<>();
    files.forEach(
        (path, file) -> {
          try {
            contents.put(path, ByteBuffer.wrap(Files.readAllBytes(file)));
          } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be read".formatted(file), e);
          }
        });
    return contents;
  }

  private void compare(Map<String, ByteBuffer> now) {
    now.forEach(
        (path, content) -> {
          if (!content.equals(seen.put(path, content))) {
            changed(path, content);
          }
        });
    for (String path : new TreeSet<>(seen.keySet())) {
      if (!now.containsKey(path)) {
        seen.remove(path);
        LOG.warn("{} is gone; what it defines goes on until a restart", path);
      }
    }
  }

  private void changed(String path, ByteBuffer content) {
    Matcher route = ROUTE.matcher(path);
    boolean isRoute = route.matches();
    if (isRoute && flows.names().contains(route.group(1))) {
      if (!content.equals(running.get(path)) && update(path, route, content)) {
        running.put(path, content);
      }
    } else if (!isRoute || route.group(1).equals(Flows.PLATFORM)) {
      LOG.warn("{} changed, which needs a restart", path);
    }
  }

  private boolean update(String path, Matcher route, ByteBuffer content) {
    String location = "file:" + flows.home().resolve(path);
    try {
      ByteBuffer before = running.get(path);
      boolean runsHere =
          routes.update(
              new RouteUpdate.Source(route.group(1), route.group(2), location, text(content)),
              before == null ? "" : text(before));
      if (runsHere) {
        LOG.info("{} changed, and its route runs as it is now", path);
      }
      return true;
    } catch (Exception e) {
      LOG.error(
          "{} is refused, and {}: {}",
          path,
          running.containsKey(path) ? "its route goes on as it was" : "nothing runs of it",
          RouteUpdate.reason(e));
      LOG.debug("The route is refused", e);
      return false;
    }
  }

  private static String text(ByteBuffer content) {
    return StandardCharsets.UTF_8.decode(content.duplicate()).toString();
  }

  @PreDestroy
  void stop() {
    thread.shutdown();
  }
}
