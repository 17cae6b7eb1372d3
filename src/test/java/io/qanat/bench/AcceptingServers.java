package io.qanat.bench;

import io.qanat.sandbox.Ports;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Posts that are answered once Kafka has the event: to the hub, to another hub if there is one, and
 * to a hand-written endpoint, in alternating rounds against one broker.
 */
final class AcceptingServers {
  static final String HUB = "hub";
  static final String HAND_WRITTEN = "hand-written";
  private static final int CONNECTIONS = 64;

  private final List<Supplier<Posts>> kinds;
  private final Results results = new Results();

  /** Servers that all get posts of each of these kinds. */
  AcceptingServers(List<Supplier<Posts>> kinds) {
    this.kinds = kinds;
  }

  /** The name under which the rounds of one server with one kind of posts are kept. */
  static String name(String server, Posts posts) {
    return server + ", POST " + posts.path();
  }

  /** Starts them all, as often as is wanted, and measures them. */
  Results measure() throws IOException {
    try (Sandbox sandbox = Sandbox.start(SandboxSettings.forTests(Server.KAFKA))) {
      List<String> shared = new ArrayList<>(MeasuredJvm.UNINTERRUPTED);
      shared.add("--qanat.kafka.bootstrap-servers=" + sandbox.kafka().bootstrapServers());
      for (int i = 0; i < BenchSettings.starts(); i++) {
        measure(shared);
      }
    }
    return results;
  }

  /** The same classes run up to a fifth faster or slower from one start to the next. */
  private void measure(List<String> shared) throws IOException {
    try (Start start = new Start()) {
      start.add(HUB, port -> MeasuredJvm.hub("hub", hub(shared, port)));
      BenchSettings.other()
          .ifPresent(
              home ->
                  start.add(
                      "other hub", port -> MeasuredJvm.hub("other-hub", home, hub(shared, port))));
      start.add(
          HAND_WRITTEN,
          port ->
              MeasuredJvm.main(
                  "hand-written",
                  HandWrittenEndpoint.class,
                  with(shared, "--server.port=" + port)));
      Candidate.alternate(start.candidates);
    }
  }

  /** The servers of one start, all on one machine at once. */
  private final class Start implements AutoCloseable {
    private final List<MeasuredJvm> started = new ArrayList<>();
    private final List<Candidate> candidates = new ArrayList<>();

    void add(String server, IntFunction<MeasuredJvm> start) {
      int port = Ports.free();
      MeasuredJvm jvm = start.apply(port);
      started.add(jvm);
      for (Supplier<Posts> kind : kinds) {
        Posts posts = kind.get();
        candidates.add(
            new Candidate(
                jvm, new ClosedLoop(port, CONNECTIONS, posts), results.of(name(server, posts))));
      }
    }

    @Override
    public void close() {
      started.forEach(MeasuredJvm::close);
    }
  }

  private static List<String> hub(List<String> shared, int port) {
    return with(
        shared,
        "--qanat.roles=accept",
        "--server.port=" + port,
        "--management.server.port=0",
        "--qanat.grpc.port=0");
  }

  private static List<String> with(List<String> arguments, String... more) {
    return Stream.concat(arguments.stream(), Stream.of(more)).toList();
  }
}
