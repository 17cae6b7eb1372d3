package io.qanat.deadletter;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.MongoException;
import io.qanat.deadletter.RedriveJob.State;
import io.qanat.deadletter.Redriver.Order;
import io.qanat.security.AuditLog;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Runs the redrives that were asked for at this instance. */
@Component
class Redrives {
  private static final Logger LOG = LoggerFactory.getLogger(Redrives.class);
  private static final int THREADS = 2;
  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final Duration LEAVE = Duration.ofSeconds(5);

  private final Redriver redriver;
  private final RedriveJobs jobs;
  private final Set<RedriveRun> running = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService threads = threads();

  Redrives(Redriver redriver, RedriveJobs jobs) {
    this.redriver = redriver;
    this.jobs = jobs;
  }

  private static ScheduledExecutorService threads() {
    AtomicInteger number = new AtomicInteger();
    ScheduledThreadPoolExecutor threads =
        new ScheduledThreadPoolExecutor(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "qanat-redrive-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return threads;
  }

  /**
   * Begins to redrive.
   *
   * @throws MongoException if the job cannot be written down; then nothing is done
   */
  RedriveJob start(
      Selection selection,
      String by,
      int ratePerSecond,
      boolean force,
      @Nullable ObjectNode correction) {
    Order order = new Order(by, UUID.randomUUID().toString(), force, correction);
    RedriveJob job =
        new RedriveJob(
            order.job(),
            State.RUNNING,
            by,
            Instant.now(),
            null,
            selection.named(),
            selection.ids().size(),
            0,
            Map.of(),
            java.util.List.of(),
            ratePerSecond,
            force,
            correction != null,
            null);
    jobs.add(job);
    AuditLog.log(
        by,
        "redrive",
        JsonNodeFactory.instance
            .objectNode()
            .put("job", job.id())
            .put("letters", job.total())
            .put("force", force)
            .put("corrected", job.corrected())
            .setAll(selection.named()));
    RedriveRun run = new RedriveRun(redriver, jobs, selection.ids(), order, ratePerSecond);
    running.add(run);
    schedule(() -> step(run), Duration.ZERO);
    return job;
  }

  private void schedule(Runnable task, Duration delay) {
    try {
      var unused = threads.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("The hub is stopping");
    }
  }

  private void step(RedriveRun run) {
    long begun = System.nanoTime();
    try {
      State state = run.step();
      if (state == State.RUNNING) {
        Duration left = run.pace().minusNanos(System.nanoTime() - begun);
        schedule(() -> step(run), left.isNegative() ? Duration.ZERO : left);
      } else {
        end(run, state, run.failure());
      }
    } catch (MongoException e) {
      end(run, State.FAILED, "MongoDB does not answer: " + e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("Redrive {} met a defect of the hub", run.order().job(), e);
      end(run, State.FAILED, "The hub met a defect of its own; its log says more.");
    }
  }

  private void end(RedriveRun run, State state, @Nullable String failure) {
    if (running.remove(run)) {
      ObjectNode details =
          JsonNodeFactory.instance
              .objectNode()
              .put("job", run.order().job())
              .put("redriven", run.redriven());
      if (failure != null) {
        details.put("failure", failure);
      }
      AuditLog.log(run.order().by(), "redrive-" + state.text(), details);
      tellEnd(run.order().job(), state, failure);
    }
  }

  /** Tries until MongoDB takes it: without its end the job would look interrupted. */
  private void tellEnd(String job, State state, @Nullable String failure) {
    try {
      jobs.end(job, state, failure);
    } catch (MongoException e) {
      schedule(() -> tellEnd(job, state, failure), RETRY);
    }
  }

  @PreDestroy
  void stop() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(LEAVE.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("A redrive is in the middle of a step; what it does not finish can be redriven");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    running.forEach(run -> end(run, State.INTERRUPTED, null));
  }
}
