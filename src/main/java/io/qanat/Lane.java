package io.qanat;

/**
 * One flow's way to one sink: a deliver route, {@code <flow>-deliver-<sink>}.
 *
 * @param id the id of the route and of its consumer group
 * @param flow the flow
 * @param sink the system at its end
 */
public record Lane(String id, String flow, String sink) {
  private static final String VERB = "-deliver-";

  /** The lane of a flow to a sink. */
  public static Lane to(String flow, String sink) {
    return new Lane(flow + VERB + sink, flow, sink);
  }

  static Lane of(String flow, String routeId) {
    return to(flow, routeId.substring(flow.length() + VERB.length()));
  }

  static boolean is(String flow, String routeId) {
    return routeId.startsWith(flow + VERB);
  }

  /** The topic of what the sink refused. */
  public String deadLetterTopic() {
    return "dlq." + flow + "." + sink;
  }

  /** The topic of how far it is settled. */
  public String versionsTopic() {
    return "qanat-versions." + flow + "." + sink;
  }

  /** What a dead letter of this lane is called: {@code <flow>.<sink>-<partition>-<offset>}. */
  public String deadLetterId(int partition, long offset) {
    return flow + "." + sink + "-" + partition + "-" + offset;
  }
}
