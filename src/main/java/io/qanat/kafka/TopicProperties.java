package io.qanat.kafka;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Topics that the hub creates.
 *
 * @param partitions how many partitions a new flow's topic gets; the bound of its consumers
 * @param replicationFactor how many brokers keep a new topic; -1 is the broker's default
 * @param createTopics whether the hub creates topics at all
 */
@ConfigurationProperties("qanat.kafka")
record TopicProperties(
    @DefaultValue("6") int partitions,
    @DefaultValue("-1") short replicationFactor,
    @DefaultValue("true") boolean createTopics) {}
