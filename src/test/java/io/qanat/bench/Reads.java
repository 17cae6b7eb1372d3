package io.qanat.bench;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kinds of reads, each an endless row of requests. */
final class Reads {
  private static final int HOT = 1_000;
  private static final int LONGEST_PAGE = 1_000;
  private static final int PLACES = 100;
  private static final Pattern NEXT = Pattern.compile("<(.*)>; rel=\"next\"");

  private final Records records;
  private final SplittableRandom random = new SplittableRandom(5);

  Reads(Records records) {
    this.records = records;
  }

  /** By the ids of any records. */
  Supplier<Question> any() {
    return () -> byId(random.nextInt(records.count()));
  }

  /** By the ids of a thousand records, which lie apart. */
  Supplier<Question> hot() {
    return () -> byId(hotOne(random.nextInt(HOT)));
  }

  private Question byId(int number) {
    String id = records.id(number);
    return Question.get(path(id), has(id));
  }

  /**
   * By those ids, for whoever has the records already.
   *
   * @param hub tells their entity tags
   */
  Supplier<Question> unchanged(HubClient hub) throws IOException, InterruptedException {
    List<Question> all = new ArrayList<>(HOT);
    for (int i = 0; i < HOT; i++) {
      String path = path(records.id(hotOne(i)));
      String tag = hub.get(path).headers().firstValue("ETag").orElseThrow();
      all.add(Question.get(path, "If-None-Match: " + tag + "\r\n", 304, ""));
    }
    return oneOf(all);
  }

  /** By ids that no record has, and that nobody was given a moment ago. */
  Supplier<Question> unknown() {
    return () ->
        Question.get(
            path(records.unknownId(random.nextInt(records.count()))), "", 404, "not-found");
  }

  /**
   * The page that begins with the newest.
   *
   * @param newest the id of the newest
   */
  Supplier<Question> newest(String newest) {
    return () -> Question.get("/data?order=desc", has(newest));
  }

  /** Pages from somewhere in the first half of the list, which is walked up to there once. */
  Supplier<Question> inTheMiddle(HubClient hub) throws IOException, InterruptedException {
    List<Question> all = new ArrayList<>();
    String longest = "limit=" + LONGEST_PAGE;
    String page = "/data?" + longest;
    for (int begin = LONGEST_PAGE; begin <= records.count() / 2; begin += LONGEST_PAGE) {
      HttpResponse<String> answer = hub.get(page);
      Matcher next = NEXT.matcher(answer.headers().firstValue("Link").orElse(""));
      if (!next.matches()) {
        throw new IllegalStateException("No page after %s: %s".formatted(page, answer));
      }
      page = "/data" + next.group(1);
      all.add(Question.get(page.replace(longest, "limit=100"), has(records.id(begin))));
    }
    return oneOf(all.subList(Math.max(0, all.size() - PLACES), all.size()));
  }

  /** The first page of the records of one kind. */
  Supplier<Question> ofOneKind() {
    return () -> {
      String kind = Records.kind(random.nextInt(records.count()));
      return Question.get("/data?kind=" + kind, "\"kind\":\"" + kind + "\"");
    };
  }

  private Supplier<Question> oneOf(List<Question> all) {
    return () -> all.get(random.nextInt(all.size()));
  }

  private int hotOne(int number) {
    return (int) ((long) number * records.count() / HOT);
  }

  private static String path(String id) {
    return "/data/" + id;
  }

  private static String has(String id) {
    return "\"_id\":\"" + id + "\"";
  }
}
