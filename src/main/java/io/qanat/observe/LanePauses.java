package io.qanat.observe;

import io.qanat.deliver.Pauses;
import io.qanat.kafka.HubTopic;
import io.qanat.kafka.KafkaClients;
import io.qanat.kafka.MissingTopicsException;
import io.qanat.kafka.Topics;
import jakarta.annotation.PreDestroy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Which lanes are paused, as the compacted topic {@value #TOPIC} says: the one place that all
 * instances share and that outlives them. Every instance reads it from its beginning; the lanes
 * start when it has been read to its end.
 */
@Component
class LanePauses implements Pauses, CamelContextConfiguration {
  static final String TOPIC = HubTopic.CONTROL;

  private static final Logger LOG = LoggerFactory.getLogger(LanePauses.class);
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration WRITTEN = Duration.ofSeconds(5);
  private static final Duration SEEN = Duration.ofSeconds(2);
  private static final int MAX_REQUEST = 64 * 1024;

  private final KafkaClients clients;
  private final Topics topics;
  private final LaneSwitch lanes;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread follower = new Thread(this::follow, TOPIC);

  // Guarded by this: what was read up to which offset, null until the end was reached once.
  private @Nullable Map<String, Pause> pauses;
  private long readTo;
  private @Nullable Consumer<byte[], byte[]> consumer;
  private @Nullable Producer<byte[], byte[]> producer;

  LanePauses(KafkaClients clients, Topics topics, LaneSwitch lanes) {
    this.clients = clients;
    this.topics = topics;
    this.lanes = lanes;
    follower.setDaemon(true);
  }

  @Override
  public void beforeApplicationStart(CamelContext context) {
    // The lanes must be there before they are started.
  }

  @Override
  public void afterApplicationStart(CamelContext context) {
    follower.start();
  }

  @Override
  public boolean paused(String lane) {
    return find(lane).isPresent() || lanes.replaces(lane);
  }

  /** The pause of a lane; empty if it is to run, or if that is not known yet. */
  synchronized Optional<Pause> find(String lane) {
    return Optional.ofNullable(pauses).map(p -> p.get(lane)).filter(Pause::paused);
  }

  /**
   * Puts down that a lane is to be paused or to run, and returns once Kafka has it.
   *
   * @throws KafkaException if Kafka does not acknowledge it in time; it may take effect yet
   */
  void write(String lane, Pause pause) {
    try {
      long offset =
          producer()
              .send(
                  new ProducerRecord<>(
                      TOPIC, 0, lane.getBytes(StandardCharsets.UTF_8), pause.toJson()))
              .get(WRITTEN.toMillis(), TimeUnit.MILLISECONDS)
              .offset();
      awaitRead(offset);
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException(TOPIC + " was not written", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException(e);
    }
  }

  /** Lets whoever wrote see it: this instance reads what it wrote like any other. */
  private synchronized void awaitRead(long offset) throws InterruptedException {
    long end = System.nanoTime() + SEEN.toNanos();
    for (long left = SEEN.toMillis();
        readTo <= offset && left > 0;
        left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
      wait(left);
    }
  }

  private void follow() {
    boolean away = false;
    while (stopped.getCount() > 0) {
      try {
        topics.ensure(HubTopic.control());
        open();
        away = false;
        readOn();
      } catch (WakeupException e) {
        return;
      } catch (MissingTopicsException e) {
        LOG.debug("Said by who watches the topics", e);
      } catch (RuntimeException e) {
        if (!away) {
          LOG.warn(
              "{} cannot be read ({}); lanes that do not run yet wait for it",
              TOPIC,
              e.getMessage());
          away = true;
        }
      } finally {
        close();
      }
      pause();
    }
  }

  private synchronized void open() {
    consumer = clients.consumer();
    if (stopped.getCount() == 0) {
      throw new WakeupException();
    }
  }

  /** Reads until something fails. What was known before holds until the end is reached anew. */
  private void readOn() {
    Consumer<byte[], byte[]> from = Objects.requireNonNull(consumer);
    from.assign(List.of(PARTITION));
    from.seekToBeginning(List.of(PARTITION));
    long end = Objects.requireNonNull(from.endOffsets(List.of(PARTITION)).get(PARTITION));
    Map<String, Pause> read = new HashMap<>();
    while (true) {
      from.poll(POLL).forEach(record -> take(record, read));
      long position = from.position(PARTITION);
      if (position >= end) {
        publish(read, position);
        lanes.apply(this::paused);
      }
    }
  }

  private static void take(ConsumerRecord<byte[], byte[]> record, Map<String, Pause> read) {
    if (record.key() == null) {
      return;
    }
    String lane = new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null) {
      read.remove(lane);
      return;
    }
    Optional<Pause> pause = Pause.parse(record.value());
    if (pause.isPresent()) {
      read.put(lane, pause.get());
    } else {
      LOG.warn("{} at {} is no pause and is passed over", TOPIC, record.offset());
    }
  }

  private synchronized void publish(Map<String, Pause> read, long position) {
    pauses = Map.copyOf(read);
    readTo = position;
    notifyAll();
  }

  private synchronized Producer<byte[], byte[]> producer() {
    if (producer == null) {
      producer = clients.producer(MAX_REQUEST);
    }
    return producer;
  }

  private void pause() {
    try {
      var unused = stopped.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      stopped.countDown();
    }
  }

  private synchronized void close() {
    if (consumer != null) {
      consumer.close(Duration.ZERO);
      consumer = null;
    }
  }

  @PreDestroy
  synchronized void stop() {
    stopped.countDown();
    if (consumer != null) {
      consumer.wakeup();
    }
    if (producer != null) {
      producer.close(Duration.ZERO);
    }
  }
}
