package io.qanat.observe;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When a lane counts as dead.
 *
 * @param progressTimeout how long records may wait without one being settled, while the lane is
 *     neither held nor paused
 */
@ConfigurationProperties("qanat.deliver")
record ProgressProperties(@DefaultValue("5m") Duration progressTimeout) {}
