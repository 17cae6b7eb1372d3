package io.qanat.kafka;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Topics that the hub creates.
 *
 * @param partitions how many partitions a new flow's topic gets; the bound of its consumers.
 *     Replication is the broker's default
 */
@ConfigurationProperties("qanat.kafka")
record TopicProperties(@DefaultValue("6") int partitions) {}
