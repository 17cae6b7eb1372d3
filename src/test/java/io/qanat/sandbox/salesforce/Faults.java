package io.qanat.sandbox.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The faults in play, in the order they were added; the first that strikes is the one. */
final class Faults {
  private static final class Armed {
    private final Fault fault;
    private final Random random;
    private int seen;
    private int fired;

    private Armed(Fault fault) {
      this.fault = fault;
      this.random = new Random(fault.seed() == null ? 1 : fault.seed());
    }

    private boolean strikes(Call call) {
      if (spent() || !fault.matches(call)) {
        return false;
      }
      seen++;
      boolean due =
          (fault.nth() == null || seen == fault.nth())
              && (fault.fromNth() == null || seen >= fault.fromNth())
              && (fault.probability() == null || random.nextDouble() < fault.probability());
      if (due) {
        fired++;
      }
      return due;
    }

    private boolean spent() {
      return fault.times() != null && fired >= fault.times();
    }
  }

  private final List<Armed> armed = new ArrayList<>();

  synchronized void add(Fault fault) {
    armed.add(new Armed(fault));
  }

  synchronized void clear() {
    armed.clear();
  }

  synchronized @Nullable Fault strike(Call call) {
    for (Armed candidate : armed) {
      if (candidate.strikes(call)) {
        return candidate.fault;
      }
    }
    return null;
  }

  synchronized JsonNode toJson() {
    ArrayNode list = Json.array();
    for (Armed each : armed) {
      ObjectNode node = (ObjectNode) each.fault.toJson();
      list.add(node.put("seen", each.seen).put("fired", each.fired));
    }
    return list;
  }
}
