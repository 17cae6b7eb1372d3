package io.qanat.flags;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.openfeature.contrib.providers.flagd.resolver.process.model.FeatureFlag;
import dev.openfeature.contrib.providers.flagd.resolver.process.model.FlagParser;
import dev.openfeature.contrib.providers.flagd.resolver.process.storage.connector.QueuePayload;
import dev.openfeature.contrib.providers.flagd.resolver.process.storage.connector.QueuePayloadType;
import dev.openfeature.contrib.providers.flagd.resolver.process.storage.connector.QueueSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of flags, in flagd's own format, as YAML or JSON. It is looked at again and again; what
 * is no file of flags changes nothing. (flagd's own reader of files ends for good when the file is
 * missing for a moment.)
 *
 * @see <a href="https://flagd.dev/reference/flag-definitions/">Flag definitions</a>
 */
final class FlagFile implements QueueSource {
  private static final Logger LOG = LoggerFactory.getLogger(FlagFile.class);
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Path file;
  private final Duration pause;
  private final BlockingQueue<QueuePayload> queue = new LinkedBlockingQueue<>();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "flags");
            thread.setDaemon(true);
            return thread;
          });
  private String seen;

  /**
   * Reads the file.
   *
   * @param pause after which it is looked at again
   * @throws IllegalArgumentException that says what is wrong with it
   */
  FlagFile(Path file, Duration pause) {
    this.file = file;
    this.pause = pause;
    seen = text();
    queue.add(parse(seen));
  }

  @Override
  public void init() {
    var unused =
        watch.scheduleWithFixedDelay(
            this::look, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    String before = seen;
    try {
      seen = text();
      if (!seen.equals(before)) {
        queue.add(parse(seen));
        LOG.info("The flags are those of the changed {}", file);
      }
    } catch (IllegalArgumentException e) {
      String reason = String.valueOf(e.getMessage());
      if (seen.equals(before)) {
        seen = reason;
      }
      if (!seen.equals(before)) {
        LOG.warn("The flags stay as they are: {}", reason);
      }
    }
  }

  private String text() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("the file of flags %s cannot be read".formatted(file), e);
    }
  }

  private QueuePayload parse(String text) {
    String json;
    Map<String, FeatureFlag> flags;
    try {
      json = YAML.readTree(text).toString();
      flags = FlagParser.parseString(json, true).getFlags();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s is no YAML: %s"
              .formatted(file, e.getOriginalMessage().replaceAll("\\s+", " ").strip()),
          e);
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          "%s is no file of flags: %s".formatted(file, e.getMessage()), e);
    }
    flags.forEach(
        (name, flag) -> {
          if (!flag.getVariants().containsKey(flag.getDefaultVariant())) {
            throw new IllegalArgumentException(
                "%s: the flag %s has no variant '%s', its default"
                    .formatted(file, name, flag.getDefaultVariant()));
          }
        });
    return new QueuePayload(QueuePayloadType.DATA, json);
  }

  @Override
  public BlockingQueue<QueuePayload> getStreamQueue() {
    return queue;
  }

  @Override
  public void shutdown() {
    watch.shutdownNow();
  }
}
