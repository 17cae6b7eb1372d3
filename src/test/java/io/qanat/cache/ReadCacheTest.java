package io.qanat.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.concurrent.ConcurrentMapCache;

@ExtendWith(OutputCaptureExtension.class)
class ReadCacheTest {
  private static final byte[] VALUE = "value".getBytes(UTF_8);

  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile boolean broken;

  private final ReadCache cache = new ReadCache(new Breakable(), now::get);

  /** A cache in memory that can be away. */
  private class Breakable extends ConcurrentMapCache {
    Breakable() {
      super("things");
    }

    @Override
    protected Object lookup(Object key) {
      asked.incrementAndGet();
      if (broken) {
        throw new IllegalStateException("away");
      }
      return super.lookup(key);
    }
  }

  @Test
  void givesBackWhatItWasGiven() {
    cache.put("a", VALUE);

    assertThat(cache.get("a")).contains(VALUE);
    assertThat(cache.get("b")).isEmpty();
  }

  @Test
  void doesNotKeepWhatIsTooLarge() {
    cache.put("large", new byte[ReadCache.MOST_BYTES]);
    cache.put("k".repeat(ReadCache.MOST_BYTES / 2), VALUE);

    assertThat(cache.get("large")).isEmpty();
    assertThat(cache.get("k".repeat(ReadCache.MOST_BYTES / 2))).isEmpty();
  }

  @Test
  void isAsEmptyWhileItIsAwayAndSaysSoOnce(CapturedOutput output) {
    cache.put("a", VALUE);
    broken = true;
    for (int i = 0; i < 3; i++) {
      now.addAndGet(ReadCache.REST_NANOS);
      assertThat(cache.get("a")).isEmpty();
    }
    broken = false;
    now.addAndGet(ReadCache.REST_NANOS);

    assertThat(cache.get("a")).contains(VALUE);
    assertThat(output).containsOnlyOnce("The cache things does not answer");
    assertThat(output).containsOnlyOnce("The cache things answers again");
  }

  @Test
  void isLeftAloneForAWhileOnceItHasFailed() {
    broken = true;
    cache.get("a");
    broken = false;

    for (int i = 0; i < 100; i++) {
      cache.get("a");
      cache.put("a", VALUE);
    }
    assertThat(asked).hasValue(1);

    now.addAndGet(ReadCache.REST_NANOS);
    cache.put("a", VALUE);
    assertThat(cache.get("a")).contains(VALUE);
  }

  @Test
  void letsNobodyWaitBehindTheOneWhoTries() throws Exception {
    CountDownLatch slow = new CountDownLatch(1);
    CountDownLatch trying = new CountDownLatch(1);
    ReadCache untried =
        new ReadCache(
            new ConcurrentMapCache("slow") {
              @Override
              protected Object lookup(Object key) {
                trying.countDown();
                awaitUp(slow);
                return super.lookup(key);
              }
            },
            now::get);
    CompletableFuture<Void> first = CompletableFuture.runAsync(() -> untried.get("a"));
    assertThat(trying.await(10, TimeUnit.SECONDS)).isTrue();

    CompletableFuture<Void> second = CompletableFuture.runAsync(() -> untried.get("a"));

    assertThat(second).succeedsWithin(10, TimeUnit.SECONDS);
    assertThat(first).isNotDone();
    slow.countDown();
    assertThat(first).succeedsWithin(10, TimeUnit.SECONDS);
  }

  private static void awaitUp(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
