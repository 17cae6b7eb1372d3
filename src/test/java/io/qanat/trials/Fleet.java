package io.qanat.trials;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** Hubs that share a flow: the world's own, and others beside it that run nothing else. */
final class Fleet implements AutoCloseable {
  private final World world;
  private final TrialFlow flow;
  private final List<HubProcess> hubs = new ArrayList<>();
  private final int partitions;
  private final int consumersPerHub;

  /** Begins with the world's hub. */
  Fleet(World world, TrialFlow flow) throws ExecutionException, InterruptedException {
    this.world = world;
    this.flow = flow;
    hubs.add(world.hub());
    partitions = world.kafka().partitions(flow);
    consumersPerHub = world.kafka().members(flow).size();
  }

  /** Starts hubs, all at once, until there are so many, and returns when they are ready. */
  void grow(int count) {
    Map<String, String> properties = world.properties();
    properties.put("qanat.flows", flow.name());
    List<HubProcess> joining = new ArrayList<>();
    while (hubs.size() < count) {
      HubProcess hub = new HubProcess("hub-" + (hubs.size() + 1), properties);
      hubs.add(hub);
      joining.add(hub);
      hub.launch();
    }
    joining.forEach(HubProcess::awaitReady);
  }

  /** Takes the hub that came last out of the fleet; the caller ends it. */
  HubProcess leave() {
    return hubs.remove(hubs.size() - 1);
  }

  /** The hubs. */
  List<HubProcess> hubs() {
    return List.copyOf(hubs);
  }

  /**
   * Waits until the consumers of all hubs, and no others, share the partitions: each has one
   * consumer, and no consumer has two more than another.
   *
   * @return the partitions of each consumer
   */
  List<Set<Integer>> awaitShared(Duration limit) {
    int consumers = hubs.size() * consumersPerHub;
    return await("%d consumers share the partitions".formatted(consumers))
        .atMost(limit)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptionsInstanceOf(ExecutionException.class)
        .until(() -> world.kafka().assignment(flow), shares -> shared(shares, consumers));
  }

  private boolean shared(List<Set<Integer>> shares, int consumers) {
    int least = partitions / consumers;
    int most = (partitions + consumers - 1) / consumers;
    return shares.size() == consumers
        && shares.stream().allMatch(s -> s.size() >= least && s.size() <= most)
        && shares.stream().mapToInt(Set::size).sum() == partitions
        && shares.stream().flatMap(Collection::stream).distinct().count() == partitions;
  }

  /** How many events all hubs together have settled for each sink since each was started. */
  Map<String, Double> settled() throws IOException, InterruptedException {
    Map<String, Double> settled = new HashMap<>();
    for (HubProcess hub : hubs) {
      hub.settled(flow).forEach((sink, events) -> settled.merge(sink, events, Double::sum));
    }
    return settled;
  }

  @Override
  public void close() {
    hubs.stream().filter(hub -> hub != world.hub()).forEach(HubProcess::close);
  }
}
