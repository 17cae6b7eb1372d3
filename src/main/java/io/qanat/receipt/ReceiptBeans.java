package io.qanat.receipt;

import io.qanat.deadletter.DeadLetterIndex;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Joins receipts with what else knows of events, where it is there. */
@Configuration(proxyBeanMethods = false)
class ReceiptBeans {
  @Bean
  Receipts receipts(
      Evidence evidence, ObjectProvider<DeadLetterIndex> index, ObjectProvider<Twins> twins) {
    return new Receipts(
        evidence,
        index.getIfAvailable(() -> id -> Optional.empty()),
        twins.getIfAvailable(() -> (lane, record) -> Optional.empty()));
  }
}
