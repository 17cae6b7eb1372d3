package io.qanat.sandbox.salesforce;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts what the clients did.
 *
 * <p>A write is a committed create or update of one record. Its key is {@code ExternalId__c}, or
 * the id of a record that has none. A write is <b>out of order</b> when the sequence number that it
 * carries is lower than the highest that was committed before for its key: the record went back in
 * time. The sequence number is what the pattern, {@code seq:(\d+)} at first, finds in the first of
 * the sequence fields ({@code Description}, then {@code Title}) that holds one; a record without
 * one is never out of order, and the same number again (a retry) is not either.
 */
final class Stats {
  private final Map<String, Long> callsByRoute = new TreeMap<>();
  private final Map<String, Long> writesPerKey = new HashMap<>();
  private final Map<String, Long> highestSequence = new HashMap<>();
  private List<String> sequenceFields = List.of("Description", "Title");
  private Pattern sequencePattern = Pattern.compile("seq:(\\d+)");
  private long recordsWritten;
  private long outOfOrderWrites;
  private long logins;

  synchronized void called(String route) {
    callsByRoute.merge(route, 1L, Long::sum);
  }

  synchronized void loggedIn() {
    logins++;
  }

  synchronized void readSequenceFrom(List<String> fields, Pattern pattern) {
    sequenceFields = List.copyOf(fields);
    sequencePattern = pattern;
  }

  synchronized void wrote(Row row) {
    String external = row.text("ExternalId__c");
    String key = row.type().name() + "/" + (external == null ? row.id() : Table.fold(external));
    recordsWritten++;
    writesPerKey.merge(key, 1L, Long::sum);
    for (String field : sequenceFields) {
      Object value = row.get(field);
      Matcher matcher = sequencePattern.matcher(value == null ? "" : value.toString());
      if (matcher.find()) {
        long sequence = Long.parseLong(matcher.group(1));
        long highest = highestSequence.getOrDefault(key, Long.MIN_VALUE);
        if (sequence < highest) {
          outOfOrderWrites++;
        } else {
          highestSequence.put(key, sequence);
        }
        return;
      }
    }
  }

  synchronized ObjectNode toJson(long apiUsage) {
    ObjectNode node = Json.object();
    ObjectNode calls = node.putObject("callsByRoute");
    callsByRoute.forEach(calls::put);
    return node.put("recordsWritten", recordsWritten)
        .put(
            "writesPerKeyMax",
            writesPerKey.values().stream().mapToLong(Long::longValue).max().orElse(0))
        .put("outOfOrderWrites", outOfOrderWrites)
        .put("logins", logins)
        .put("apiUsage", apiUsage);
  }

  synchronized void clear() {
    callsByRoute.clear();
    writesPerKey.clear();
    highestSequence.clear();
    recordsWritten = 0;
    outOfOrderWrites = 0;
    logins = 0;
  }
}
