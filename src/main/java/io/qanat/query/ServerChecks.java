package io.qanat.query;

import io.qanat.KameletBean;
import io.qanat.ServerCheck;
import io.qanat.accept.Problem.Kind;
import io.qanat.accept.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.Handler;
import org.jspecify.annotations.Nullable;

/**
 * The step of a route that goes on only while servers answer. Each is asked once a second at most,
 * however many callers want to know.
 */
public class ServerChecks extends KameletBean {
  private static final Duration KNOWN_FOR = Duration.ofSeconds(1);

  private List<String> servers = List.of();
  private List<ServerCheck> checks = List.of();
  private final ReentrantLock asking = new ReentrantLock();
  private volatile @Nullable List<String> silent;
  private volatile long askedAt;

  /** Finds the checks of the servers. */
  public void start() {
    Map<String, ServerCheck> known = new TreeMap<>();
    Set<ServerCheck> all = camel().getRegistry().findByType(ServerCheck.class);
    all.forEach(check -> known.put(check.name(), check));
    checks = new ArrayList<>();
    for (String server : servers) {
      ServerCheck check = known.get(server);
      if (check == null) {
        throw new IllegalArgumentException(
            "server-check-action knows no server %s, only %s".formatted(server, known.keySet()));
      }
      checks.add(check);
    }
  }

  /**
   * Asks the servers.
   *
   * @throws ProblemException that names those that do not answer
   */
  @Handler
  public void check() {
    List<String> missing = silent();
    if (!missing.isEmpty()) {
      throw new ProblemException(
          Kind.UNAVAILABLE, "No answer from %s.".formatted(String.join(" and ", missing)));
    }
  }

  /** While one caller asks, the others are told what was known before. */
  private List<String> silent() {
    if (silent == null) {
      asking.lock();
    } else if (System.nanoTime() - askedAt < KNOWN_FOR.toNanos() || !asking.tryLock()) {
      return silent;
    }
    try {
      if (silent == null || System.nanoTime() - askedAt >= KNOWN_FOR.toNanos()) {
        silent = checks.stream().filter(c -> !answers(c)).map(ServerCheck::name).toList();
        askedAt = System.nanoTime();
      }
      return silent;
    } finally {
      asking.unlock();
    }
  }

  private static boolean answers(ServerCheck check) {
    try {
      check.check();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (Exception e) {
      return false;
    }
  }

  /** The names of the servers, with commas between them. */
  public void setServers(String servers) {
    this.servers = List.of(servers.split("\\s*,\\s*", -1));
  }
}
