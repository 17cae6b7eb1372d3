package io.qanat.receipt;

import io.qanat.accept.Outcomes;
import io.qanat.accept.ProblemException;
import io.qanat.kafka.Position;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.stereotype.Component;

/**
 * Waits for events to be settled. All who wait share the cached offsets of the lanes, so that many
 * of them ask Kafka no more often than one.
 */
@Component
class AwaitedOutcomes implements Outcomes, ApplicationListener<ContextClosedEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(AwaitedOutcomes.class);
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int LOOKERS = 8;

  private final Receipts receipts;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final ExecutorService lookers;

  AwaitedOutcomes(Receipts receipts) {
    this.receipts = receipts;
    AtomicInteger count = new AtomicInteger();
    lookers =
        Executors.newFixedThreadPool(
            LOOKERS,
            task -> {
              Thread thread = new Thread(task, "qanat-receipts-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public Optional<byte[]> await(Position event, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    try {
      long left = atMost.toNanos();
      while (left > 0 && !stopping.await(Math.min(left, STEP_NANOS), TimeUnit.NANOSECONDS)) {
        Optional<byte[]> receipt = look(event, end - System.nanoTime());
        if (receipt.isPresent()) {
          return receipt;
        }
        left = end - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  /** Another thread asks, so that a server that does not answer holds no caller beyond its time. */
  private Optional<byte[]> look(Position event, long nanos) throws InterruptedException {
    try {
      Future<Optional<byte[]>> asked = lookers.submit(() -> settled(event));
      try {
        return asked.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        asked.cancel(false);
      }
    } catch (ExecutionException e) {
      LOG.error("The outcome of an event could not be told", e.getCause());
    } catch (RejectedExecutionException e) {
      LOG.debug("The hub stops");
    }
    return Optional.empty();
  }

  private Optional<byte[]> settled(Position event) {
    try {
      if (receipts.settled(event)) {
        Receipt receipt = receipts.find(event);
        return receipt.state() == State.WAITING ? Optional.empty() : Optional.of(receipt.toJson());
      }
    } catch (ProblemException e) {
      LOG.debug("The outcome of an event cannot be told now: {}", e.getMessage());
    }
    return Optional.empty();
  }

  @Override
  public void onApplicationEvent(ContextClosedEvent closed) {
    stop();
  }

  /** The web server waits for its callers before the hub stops: nobody is waited for any more. */
  void stop() {
    stopping.countDown();
  }

  @PreDestroy
  void close() {
    lookers.shutdownNow();
  }
}
