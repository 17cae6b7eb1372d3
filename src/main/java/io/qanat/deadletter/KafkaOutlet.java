package io.qanat.deadletter;

import io.qanat.kafka.KafkaClients;
import io.qanat.kafka.Topics;
import jakarta.annotation.PreDestroy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The outlet of this instance, with one producer for all. */
@Component
class KafkaOutlet implements Outlet {
  private final KafkaClients clients;
  private final Topics topics;
  private final Set<String> known = ConcurrentHashMap.newKeySet();
  private @Nullable Producer<byte[], byte[]> producer;

  KafkaOutlet(KafkaClients clients, Topics topics) {
    this.clients = clients;
    this.topics = topics;
  }

  @Override
  public List<Sent> send(List<ProducerRecord<byte[], byte[]>> records) {
    List<Future<RecordMetadata>> futures = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : records) {
      try {
        futures.add(producer().send(record));
      } catch (KafkaException e) {
        futures.add(CompletableFuture.failedFuture(e));
      }
    }
    return futures.stream().map(KafkaOutlet::await).toList();
  }

  @Override
  public void ensureTopic(String name) {
    if (known.add(name)) {
      try {
        topics.createSingle(name, Map.of("retention.ms", "-1"));
      } catch (KafkaException e) {
        known.remove(name);
        throw e;
      }
    }
  }

  private static Sent await(Future<RecordMetadata> future) {
    try {
      return new Sent(future.get(), null);
    } catch (ExecutionException e) {
      return new Sent(null, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Sent(null, e);
    }
  }

  private synchronized Producer<byte[], byte[]> producer() {
    if (producer == null) {
      producer = clients.producer(Topics.MAX_DEAD_LETTER_BYTES);
    }
    return producer;
  }

  @PreDestroy
  synchronized void close() {
    if (producer != null) {
      producer.close();
    }
  }
}
