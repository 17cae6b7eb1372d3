import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Invents the locations of people in a hall for a day, as CSV: the same for the same seed.
 *
 * <pre>
 * java tools/locations/Hall.java --people 1000 --pings 100 --seed 1 > hall.csv
 * </pre>
 *
 * <p>People stand at booths, alone or with others, and walk to another one now and then. Their
 * devices report at regular times, each with an offset and some jitter of its own.
 */
public final class Hall {
  private static final double METRES_PER_DEGREE = 111_195;
  private static final int OPENS_AT = 9;
  private static final int HOURS = 9;
  private static final double BOOTH_RADIUS = 2.5;
  private static final double SQUARE_METRES_PER_PERSON = 6;

  private Hall() {}

  public static void main(String[] args) {
    Map<String, String> options = options(args);
    int people = Integer.parseInt(options.getOrDefault("people", "100"));
    int pings = Integer.parseInt(options.getOrDefault("pings", "100"));
    int first = Integer.parseInt(options.getOrDefault("first", "1"));
    long seed = Long.parseLong(options.getOrDefault("seed", "1"));
    double lon = Double.parseDouble(options.getOrDefault("longitude", "11.1128"));
    double lat = Double.parseDouble(options.getOrDefault("latitude", "49.4183"));
    LocalDate day = LocalDate.parse(options.getOrDefault("day", "2026-10-05"));
    Random random = new Random(seed);
    double side = Math.sqrt(people * SQUARE_METRES_PER_PERSON);
    double[][] booths = new double[Math.max(2, people / 5)][];
    for (int b = 0; b < booths.length; b++) {
      booths[b] = new double[] {random.nextDouble() * side, random.nextDouble() * side};
    }
    Instant opens = day.atTime(OPENS_AT, 0).toInstant(ZoneOffset.UTC);
    long everyMillis = HOURS * 3_600_000L / pings;
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    out.println("person,time,longitude,latitude");
    StringBuilder lines = new StringBuilder();
    for (int person = first; person < first + people; person++) {
      double[] booth = booths[random.nextInt(booths.length)];
      long offset = (long) (random.nextDouble() * everyMillis);
      for (int ping = 0; ping < pings; ping++) {
        if (random.nextInt(8) == 0) {
          booth = booths[random.nextInt(booths.length)];
        }
        double x = booth[0] + random.nextGaussian() * BOOTH_RADIUS;
        double y = booth[1] + random.nextGaussian() * BOOTH_RADIUS;
        long jitter = (long) (random.nextDouble() * everyMillis / 10);
        lines
            .append(person)
            .append(',')
            .append(opens.plusMillis(ping * everyMillis + offset + jitter))
            .append(',')
            .append(
                String.format(
                    Locale.ROOT,
                    "%.7f,%.7f",
                    lon + x / METRES_PER_DEGREE / Math.cos(Math.toRadians(lat)),
                    lat + y / METRES_PER_DEGREE))
            .append('\n');
      }
      out.print(lines);
      lines.setLength(0);
    }
    out.flush();
  }

  private static Map<String, String> options(String[] args) {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      if (!args[i].startsWith("--")) {
        throw new IllegalArgumentException("Not an option: " + args[i]);
      }
      options.put(args[i].substring(2), args[i + 1]);
    }
    return options;
  }
}
