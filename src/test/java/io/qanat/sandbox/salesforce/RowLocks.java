package io.qanat.sandbox.salesforce;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The row locks of running transactions; a wait that lasts too long fails as Salesforce's does. */
final class RowLocks {
  private final Map<String, Object> owners = new HashMap<>();
  private long waitMillis = 1_000;

  synchronized void waitAtMost(long millis) {
    waitMillis = millis;
  }

  synchronized boolean lock(String name, Object owner) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
    while (owners.getOrDefault(name, owner) != owner) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    owners.put(name, owner);
    return true;
  }

  synchronized void release(Set<String> names) {
    owners.keySet().removeAll(names);
    notifyAll();
  }
}
