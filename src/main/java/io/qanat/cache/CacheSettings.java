package io.qanat.cache;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.CaffeineSpec;
import org.springframework.boot.autoconfigure.cache.CacheManagerCustomizer;
import org.springframework.boot.autoconfigure.cache.CacheProperties;
import org.springframework.boot.autoconfigure.cache.RedisCacheManagerBuilderCustomizer;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration;
import org.springframework.cache.annotation.AnnotationCacheOperationSource;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.cache.interceptor.CacheInterceptor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;

/**
 * Spring Boot's caches, as {@code spring.cache.*} says: in memory bounded by bytes, in Redis bytes
 * as they are. Nothing of Redis is there unless it is asked for.
 */
@Configuration(proxyBeanMethods = false)
class CacheSettings {
  /**
   * Spring Boot makes caches where this is. {@code @EnableCaching} would bring it too, and have
   * each bean looked at for annotations that none has, which the start would wait for.
   */
  @Bean
  static CacheInterceptor cacheInterceptor() {
    CacheInterceptor interceptor = new CacheInterceptor();
    interceptor.setCacheOperationSource(new AnnotationCacheOperationSource());
    return interceptor;
  }

  /** Reads the bound when the hub starts, before Spring Boot does, whose words name no property. */
  @Bean
  @ConditionalOnProperty(name = "spring.cache.type", havingValue = "caffeine")
  CacheManagerCustomizer<CaffeineCacheManager> boundedByBytes(CacheProperties properties) {
    CaffeineSpec spec = bounded(String.valueOf(properties.getCaffeine().getSpec()));
    return manager ->
        manager.setCaffeine(
            Caffeine.from(spec)
                .weigher((key, value) -> ReadCache.weight((String) key, (byte[]) value)));
  }

  private static CaffeineSpec bounded(String spec) {
    if (!spec.contains("maximumWeight=")) {
      throw new IllegalArgumentException(
          "spring.cache.caffeine.spec must have a maximumWeight, in bytes, not: " + spec);
    }
    try {
      return CaffeineSpec.parse(spec);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "spring.cache.caffeine.spec cannot be read: " + e.getMessage(), e);
    }
  }

  /** What is needed for {@code spring.cache.type: redis}; application.yaml excludes it else. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnProperty(name = "spring.cache.type", havingValue = "redis")
  @Import(RedisAutoConfiguration.class)
  static class Redis {
    @Bean
    RedisCacheManagerBuilderCustomizer bytesAsTheyAre() {
      return builder ->
          builder.cacheDefaults(
              builder.cacheDefaults().serializeValuesWith(SerializationPair.byteArray()));
    }
  }
}
