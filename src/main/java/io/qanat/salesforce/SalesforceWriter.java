package io.qanat.salesforce;

import io.qanat.deliver.BatchOutcome;
import io.qanat.deliver.Deadline;
import io.qanat.deliver.Event;
import io.qanat.deliver.RefusedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a batch in waves: each wave carries the next change of every record, so that changes of
 * one record stay in order while those of different records share a call.
 */
final class SalesforceWriter {
  private static final int REMEMBERED_IDS = 50_000;

  private final SalesforceOrg org;
  private final String object;
  private final Mapping mapping;
  private final int rowsPerCall;
  private final RecordIds ids = new RecordIds(REMEMBERED_IDS);

  SalesforceWriter(SalesforceOrg org, String object, Mapping mapping, int rowsPerCall) {
    this.org = org;
    this.object = object;
    this.mapping = mapping;
    this.rowsPerCall = rowsPerCall;
  }

  BatchOutcome write(List<Event> events, Deadline deadline) {
    Outcomes outcomes = new Outcomes();
    List<Change> changes = new ArrayList<>();
    for (Event event : events) {
      try {
        changes.add(mapping.read(event));
      } catch (RefusedException refused) {
        outcomes.failed(event, refused.failure());
      }
    }
    Collection<Chain> chains = Chain.of(changes, outcomes);
    Calls calls = new Calls(org.api(), org.budget(), deadline);
    Upserts upserts = new Upserts(calls, object, new Schema(calls, object), ids);
    Deletes deletes = new Deletes(calls, object, mapping.keyField(), rowsPerCall, ids);
    try {
      for (List<Chain> wave = open(chains); !wave.isEmpty(); wave = open(chains)) {
        write(wave, upserts, deletes);
      }
    } catch (Calls.Halt halt) {
      chains.forEach(chain -> chain.holdRest(halt.failure()));
    }
    return outcomes.inOrderOf(events);
  }

  private void write(List<Chain> wave, Upserts upserts, Deletes deletes) {
    Map<String, List<Chain>> upsertsByField = new LinkedHashMap<>();
    List<Chain> gone = new ArrayList<>();
    for (Chain chain : wave) {
      Step head = chain.head();
      if (head.kind() == Change.Kind.UPSERT) {
        upsertsByField.computeIfAbsent(head.key().field(), f -> new ArrayList<>()).add(chain);
      } else {
        gone.add(chain);
      }
    }
    for (List<Chain> rows : upsertsByField.values()) {
      Slices.of(rows, rowsPerCall).forEach(upserts::write);
    }
    deletes.write(gone);
  }

  private static List<Chain> open(Collection<Chain> chains) {
    return chains.stream().filter(chain -> !chain.settled()).toList();
  }
}
