package io.qanat.chart;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What we want of everything that the chart renders. */
@SuppressWarnings("ImmutableEnumChecker") // the method references are
enum Policy {
  RESTRICTED("pods are as Kubernetes' restricted profile wants them", PodPolicies::unrestricted),
  LIMITED("CPU and memory are asked for, memory is limited", PodPolicies::unlimited),
  PROBED("probes ask what docs/operating.md tells", PodPolicies::badProbes),
  GRACEFUL("a pod has the time that the hub takes to end", PodPolicies::hasty),
  MOUNTED("what is mounted is there when the pod starts", PodPolicies::badMounts),
  SAME_IMAGE("hubs and tasks run the image of the values", PodPolicies::otherImages),
  NO_SECRETS("no secret is there for all to read", SecretPolicy::breaches),
  KNOWN_SETTINGS("what is set is a property of somebody", SettingsPolicy::unknown),
  SELECTED("a selector has the pods that are meant, and no others", LinkPolicies::badSelectors),
  SCALED_ONCE("one thing decides how many pods there are", LinkPolicies::badScaling),
  CONNECTED("ports and backends that are named are there", LinkPolicies::badPorts),
  LANES("KEDA looks at the lanes that run", KafkaPolicies::badTriggers),
  TOPICS("the topics that flows need are made", KafkaPolicies::missingTopics),
  ALERTS("alerts are those of the chart's file", KafkaPolicies::otherAlerts);

  private final String wish;
  private final Function<Rendering, Stream<String>> breaches;

  Policy(String wish, Function<Rendering, Stream<String>> breaches) {
    this.wish = wish;
    this.breaches = breaches;
  }

  /** What breaks the policy. */
  List<String> breaches(Rendering rendering) {
    return breaches.apply(rendering).toList();
  }

  @Override
  public String toString() {
    return wish;
  }
}
