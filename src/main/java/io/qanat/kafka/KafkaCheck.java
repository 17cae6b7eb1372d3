package io.qanat.kafka;

import io.qanat.ServerCheck;
import jakarta.annotation.PreDestroy;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Whether Kafka answers. */
@Component
class KafkaCheck implements ServerCheck {
  private static final int TIMEOUT_MS = 2_000;

  private final KafkaClients clients;
  private @Nullable Admin admin;

  KafkaCheck(KafkaClients clients) {
    this.clients = clients;
  }

  @Override
  public String name() {
    return "kafka";
  }

  @Override
  public void check() throws Exception {
    admin().describeCluster().nodes().get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
  }

  private synchronized Admin admin() {
    if (admin == null) {
      admin = clients.admin(TIMEOUT_MS);
    }
    return admin;
  }

  @PreDestroy
  synchronized void close() {
    if (admin != null) {
      admin.close();
    }
  }
}
