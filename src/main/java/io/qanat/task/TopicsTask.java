package io.qanat.task;

import io.qanat.kafka.HubTopic;
import io.qanat.kafka.NeededTopics;
import io.qanat.kafka.Topics;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.springframework.stereotype.Component;

/** Creates the topics that hubs with these flows and roles need. */
@Component
class TopicsTask implements Task {
  private final NeededTopics needed;
  private final Topics topics;

  TopicsTask(NeededTopics needed, Topics topics) {
    this.needed = needed;
    this.topics = topics;
  }

  @Override
  public String name() {
    return "topics";
  }

  @Override
  public String run() {
    List<HubTopic> all = needed.all();
    try {
      List<String> created = topics.ensure(all);
      List<String> there =
          all.stream().map(HubTopic::name).filter(topic -> !created.contains(topic)).toList();
      return "created: %s, there already: %s".formatted(created, there);
    } catch (KafkaException e) {
      throw Failures.of("Kafka (qanat.kafka.bootstrap-servers)", e);
    }
  }
}
