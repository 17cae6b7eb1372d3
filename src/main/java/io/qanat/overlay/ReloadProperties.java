package io.qanat.overlay;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Changes of routes while the hub runs.
 *
 * @param reload whether routes are updated when their files change
 * @param reloadInterval how long after a look at the files the next one is
 */
@ConfigurationProperties("qanat")
record ReloadProperties(
    @DefaultValue("false") boolean reload, @DefaultValue("5s") Duration reloadInterval) {}
