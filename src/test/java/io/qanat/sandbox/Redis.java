package io.qanat.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import redis.embedded.core.ExecutableProvider;

/** Redis from the system, or from a jar; it remembers nothing over a restart. */
public final class Redis extends ChildServer {
  // Ends with its parent, frozen or not.
  private static final String TETHER =
      """
      trap '' INT HUP TERM
      : > "$LOG"
      "$SERVER" --bind 127.0.0.1 --port "$PORT" --save '' --dir "$FOLDER" --logfile "$LOG" \
        </dev/null >/dev/null 2>&1 &
      echo $! > "$FOLDER/pid"
      until grep -q 'Ready to accept' "$LOG"; do kill -0 $! || exit 1; sleep 0.1; done
      echo READY
      cat >/dev/null
      kill -9 $!
      """;
  private static final String PROGRAM = "redis-server";

  private final Path folder;
  private final int port;

  private Redis(Path folder, int port) {
    this.folder = folder.toAbsolutePath();
    this.port = port;
  }

  /** A started server on a free port, which it keeps. */
  public static Redis start(Path folder) {
    Redis redis = new Redis(folder, Ports.free());
    redis.start();
    return redis;
  }

  @Override
  ChildProcess launch() {
    return ChildProcess.start(
        name(),
        List.of("sh", "-c", TETHER),
        Map.of(
            "SERVER", program(),
            "PORT", Integer.toString(port),
            "FOLDER", folder.toString(),
            "LOG", folder.resolve("redis.log").toString()),
        folder,
        folder.resolve("server.log"));
  }

  private String program() {
    try {
      return Programs.isOnThePath(PROGRAM)
          ? PROGRAM
          : ExecutableProvider.newJarResourceProvider(folder.toFile()).get().getAbsolutePath();
    } catch (IOException e) {
      throw new SandboxException("Redis cannot be unpacked: " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized long pid() {
    super.pid();
    try {
      return Long.parseLong(Files.readString(folder.resolve("pid")).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return "Redis";
  }

  @Override
  public String kind() {
    return Programs.isOnThePath(PROGRAM) ? "system" : super.kind();
  }

  @Override
  public String address() {
    return "redis://127.0.0.1:" + port;
  }

  @Override
  public Map<String, String> properties() {
    return Map.of("spring.cache.type", "redis", "spring.data.redis.url", address());
  }
}
