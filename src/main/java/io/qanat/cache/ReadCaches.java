package io.qanat.cache;

import io.micrometer.core.instrument.Tag;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.metrics.cache.CacheMetricsRegistrar;
import org.springframework.boot.autoconfigure.cache.CacheProperties;
import org.springframework.boot.autoconfigure.cache.CacheType;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.stereotype.Component;

/** The caches of this hub, by name; each has its hit rate among the metrics. */
@Component
public class ReadCaches {
  // What Spring Boot itself puts on the metrics of caches.
  private static final Tag MANAGER = Tag.of("cache.manager", "cacheManager");

  private static final Set<CacheType> KNOWN =
      EnumSet.of(CacheType.CAFFEINE, CacheType.REDIS, CacheType.NONE);

  private final CacheManager manager;
  private final ObjectProvider<CacheMetricsRegistrar> metrics;

  ReadCaches(
      CacheManager manager,
      CacheProperties properties,
      ObjectProvider<CacheMetricsRegistrar> metrics) {
    if (properties.getType() == null || !KNOWN.contains(properties.getType())) {
      throw new IllegalArgumentException(
          "spring.cache.type is caffeine, redis or none, not " + properties.getType());
    }
    this.manager = manager;
    this.metrics = metrics;
  }

  /** The cache of this name, which is made if it is not there. */
  public ReadCache named(String name) {
    Cache cache = Objects.requireNonNull(manager.getCache(name));
    metrics.ifAvailable(m -> m.bindCacheToRegistry(cache, MANAGER));
    return new ReadCache(cache, System::nanoTime);
  }
}
