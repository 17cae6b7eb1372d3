import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Imports locations from a CSV file through the hub's API, and says what it did not take and why.
 *
 * <pre>
 * java tools/locations/Import.java --locations hall.csv [--people people.csv]
 *     [--url http://127.0.0.1:8080] [--swap-axes]
 * </pre>
 *
 * <p>The columns are {@code person,time,longitude,latitude}. Without {@code --people} a person is
 * the id that the hub knows; with it, the id in that file ({@code
 * id,first_name,last_name,company_name}), and its people are created first. Run it again after an
 * error: the same file is taken once, whatever was taken before.
 */
public final class Import {
  private static final int BATCH = 1_000;
  private static final int MAX_SHOWN = 20;
  private static final int TRIES = 30;
  private static final Pattern POINTER = Pattern.compile("\"pointer\":\"#/(\\d+)[^\"]*\",\"detail\":\"([^\"]*)\"");
  private static final Pattern RECEIPT = Pattern.compile("\"([a-z-]+-\\d+)-(\\d+)\"");

  private final HttpClient client = HttpClient.newHttpClient();
  private final String url;
  private final Map<Integer, String> refused = new TreeMap<>();
  private final Map<String, Long> lastReceipts = new LinkedHashMap<>();
  private int accepted;

  private Import(String url) {
    this.url = url;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Map<String, String> options = options(args);
    String locations = options.get("locations");
    if (locations == null) {
      System.err.println(
          "Usage: java tools/locations/Import.java --locations <csv> [--people <csv>] [--url <hub>] [--swap-axes]");
      System.exit(2);
    }
    Import run = new Import(options.getOrDefault("url", "http://127.0.0.1:8080"));
    try {
      Map<String, String> people =
          options.containsKey("people") ? run.createPeople(Path.of(options.get("people"))) : null;
      run.locations(Path.of(locations), people, options.containsKey("swap-axes"));
    } catch (Refused e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
    System.exit(run.report() ? 0 : 3);
  }

  /** Why nothing more can be done. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message, null, false, false);
    }
  }

  /** A row of the file that can be sent. */
  private record Row(int line, String json) {}

  private static Map<String, String> options(String[] args) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--swap-axes")) {
        options.put("swap-axes", "");
      } else if (args[i].startsWith("--") && i + 1 < args.length) {
        options.put(args[i].substring(2), args[++i]);
      } else {
        System.err.println("Not an option: " + args[i]);
        System.exit(2);
      }
    }
    return options;
  }

  /** Creates those of the file's people that the hub has not, and gives the hub's id for each of the file. */
  private Map<String, String> createPeople(Path file) throws IOException, InterruptedException {
    Map<String, String> ids = new LinkedHashMap<>();
    List<String> lines = Files.readAllLines(file);
    for (String line : lines.subList(1, lines.size())) {
      if (line.isBlank()) {
        continue;
      }
      String[] fields = line.split(",", -1);
      if (fields.length != 4) {
        throw new Refused("%s: not id,first_name,last_name,company_name: %s".formatted(file, line));
      }
      String json =
          "\"first_name\" : %s, \"last_name\" : %s, \"company_name\" : %s"
              .formatted(quoted(fields[1]), quoted(fields[2]), quoted(fields[3]));
      ids.put(fields[0], known(fields, json));
    }
    System.out.printf("People: %s%n", ids);
    return ids;
  }

  private String known(String[] fields, String json) throws IOException, InterruptedException {
    String search =
        url
            + "/api/persons?q="
            + java.net.URLEncoder.encode(
                String.join(" ", fields[1], fields[2], fields[3]), StandardCharsets.UTF_8);
    String found = send(HttpRequest.newBuilder(URI.create(search)).build()).body();
    Matcher same = Pattern.compile("\"id\" : (\\d+), " + Pattern.quote(json)).matcher(found);
    if (same.find()) {
      return same.group(1);
    }
    HttpResponse<String> created = post("/api/persons", "{" + json + "}", "");
    if (created.statusCode() != 201) {
      throw new Refused("The hub did not take a person: " + created.body());
    }
    Matcher id = Pattern.compile("\"id\" : (\\d+)").matcher(created.body());
    if (!id.find()) {
      throw new Refused("The hub gave no id: " + created.body());
    }
    return id.group(1);
  }

  private void locations(Path file, Map<String, String> people, boolean swap)
      throws IOException, InterruptedException {
    List<String> lines = Files.readAllLines(file);
    if (lines.isEmpty() || !lines.get(0).strip().equals("person,time,longitude,latitude")) {
      throw new Refused(file + ":1: the first line must be person,time,longitude,latitude");
    }
    List<Row> rows = new ArrayList<>();
    int swapped = 0;
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        String[] fields = lines.get(i).strip().split(",", -1);
        String problem = fields.length == 4 ? read(fields, i + 1, people, swap, rows) : "has not four fields";
        if (problem != null) {
          refused.put(i + 1, problem);
          swapped += problem.startsWith("looks swapped") ? 1 : 0;
        }
      }
    }
    if (swapped > rows.size()) {
      throw new Refused(
          "%s: in %d of %d rows latitude is over 90 and longitude is not: the axes look swapped. Nothing was sent; give --swap-axes."
              .formatted(file, swapped, lines.size() - 1));
    }
    for (int from = 0; from < rows.size(); from += BATCH) {
      send(rows.subList(from, Math.min(from + BATCH, rows.size())));
    }
  }

  /** Adds the row, or says what is wrong with it. */
  private static String read(
      String[] fields, int line, Map<String, String> people, boolean swap, List<Row> rows) {
    String person = people == null ? fields[0] : people.get(fields[0]);
    if (person == null || !person.matches("\\d{1,18}")) {
      return "names the person %s, who is not %s"
          .formatted(fields[0], people == null ? "an id" : "in the file of people");
    }
    double longitude;
    double latitude;
    try {
      longitude = Double.parseDouble(fields[swap ? 3 : 2]);
      latitude = Double.parseDouble(fields[swap ? 2 : 3]);
    } catch (NumberFormatException e) {
      return "has a coordinate that is no number";
    }
    if (Math.abs(latitude) > 90 && Math.abs(latitude) <= 180 && Math.abs(longitude) <= 90) {
      return "looks swapped: latitude %s, longitude %s".formatted(latitude, longitude);
    }
    rows.add(
        new Row(
            line,
            String.format(
                Locale.ROOT,
                "{\"person_id\":%s,\"longitude\":%s,\"latitude\":%s,\"creation_time\":%s}",
                person,
                quoted(fields[swap ? 3 : 2]),
                quoted(fields[swap ? 2 : 3]),
                quoted(fields[1]))));
    return null;
  }

  /** Sends a batch; the rows that the hub finds wrong are left out, and the rest is sent again. */
  private void send(List<Row> batch) throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>(batch);
    while (!rows.isEmpty()) {
      String body = "[" + String.join(",", rows.stream().map(Row::json).toList()) + "]";
      HttpResponse<String> answer = post("/api/locations", body, hash(body));
      if (answer.statusCode() == 202) {
        accepted += rows.size();
        remember(answer.body());
        return;
      }
      Map<Integer, String> wrong = new TreeMap<>();
      Matcher error = POINTER.matcher(answer.body());
      while (error.find()) {
        wrong.merge(Integer.parseInt(error.group(1)), error.group(2), (a, b) -> a + "; " + b);
      }
      if (answer.statusCode() != 400 || wrong.isEmpty()) {
        throw new Refused("The hub answered %d: %s".formatted(answer.statusCode(), answer.body()));
      }
      List<Row> right = new ArrayList<>();
      for (int i = 0; i < rows.size(); i++) {
        if (wrong.containsKey(i)) {
          refused.put(rows.get(i).line(), wrong.get(i));
        } else {
          right.add(rows.get(i));
        }
      }
      rows = right;
    }
  }

  private void remember(String answer) {
    Matcher receipt = RECEIPT.matcher(answer.substring(answer.indexOf("\"receipts\"")));
    while (receipt.find()) {
      lastReceipts.merge(receipt.group(1), Long.parseLong(receipt.group(2)), Math::max);
    }
  }

  private HttpResponse<String> post(String path, String body, String key)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (!key.isEmpty()) {
      request.header("Idempotency-Key", key);
    }
    return send(request.build());
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 503 || attempt == TRIES) {
          return answer;
        }
      } catch (IOException e) {
        if (attempt == TRIES) {
          throw new Refused("The hub at %s does not answer: %s".formatted(url, e));
        }
      }
      Thread.sleep(Duration.ofSeconds(1).toMillis());
    }
  }

  /** Waits until all is settled, and tells how it ended. */
  private boolean report() throws IOException, InterruptedException {
    for (Map.Entry<String, Long> last : lastReceipts.entrySet()) {
      String receipt = last.getKey() + "-" + last.getValue();
      HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/receipts/" + receipt)).build();
      boolean waiting = true;
      for (int attempt = 0; waiting && attempt < 10 * TRIES; attempt++) {
        waiting = send(request).body().contains("\"state\":\"waiting\"");
        if (waiting) {
          Thread.sleep(200);
        }
      }
      if (waiting) {
        System.out.printf("Not delivered yet; see %s/receipts/%s%n", url, receipt);
      }
    }
    System.out.printf("Accepted %d locations, refused %d rows%n", accepted, refused.size());
    refused.entrySet().stream()
        .limit(MAX_SHOWN)
        .forEach(r -> System.out.printf("  line %d %s%n", r.getKey(), r.getValue()));
    if (refused.size() > MAX_SHOWN) {
      System.out.printf("  and %d more%n", refused.size() - MAX_SHOWN);
    }
    System.out.println(
        "What was accepted and could not be delivered is at /dead-letters?flow=locations, for operators.");
    return refused.isEmpty();
  }

  private static String quoted(String text) {
    return "\"" + text.strip().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  /** The same rows of the same people are one request, however often they are sent. */
  private static String hash(String body) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, 32);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
