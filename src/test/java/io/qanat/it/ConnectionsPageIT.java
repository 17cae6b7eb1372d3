package io.qanat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.qanat.sandbox.Programs;
import io.qanat.sandbox.Programs.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The importer and the page, used as people use them: from a shell and in a browser. */
@HubIT
class ConnectionsPageIT {
  private static final Path HERE = Path.of(".");
  private static final Path TOOLS = Path.of("tools", "locations");

  @LocalServerPort private int port;
  @TempDir private Path folder;
  private Http hub;
  private String url;

  @BeforeEach
  void connect() {
    url = "http://127.0.0.1:" + port;
    hub = new Http(url);
  }

  private Ended imports(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(TOOLS.resolve("Import.java").toString(), "--url", url));
    command.addAll(List.of(arguments));
    return Programs.run(HERE, command);
  }

  private Ended importsConference() {
    return imports(
        "--people", TOOLS.resolve("conference-people.csv").toString(),
        "--locations", TOOLS.resolve("conference.csv").toString());
  }

  private long person(String firstName) {
    JsonNode found = hub.get("/api/persons?q=" + firstName).json();
    assertThat(found).hasSize(1);
    return found.at("/0/id").asLong();
  }

  /** What a browser shows once the page has asked all that it asks. */
  private String shown(String query) {
    assumeTrue(Programs.isOnThePath("chromium"), "chromium is not on the path");
    return Programs.succeed(
        folder,
        List.of(
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--user-data-dir=" + folder.resolve("profile"),
            "--virtual-time-budget=20000",
            "--dump-dom",
            url + "/connections/" + query));
  }

  @Test
  void importsTheConferenceOnceAndShowsWhomSomebodyMet() {
    Ended first = importsConference();
    Ended again = importsConference();

    assertThat(first.output()).contains("Accepted 42 locations, refused 0 rows");
    assertThat(first.status()).isZero();
    assertThat(again.output()).contains("Accepted 42 locations, refused 0 rows");
    long tomas = person("Arregui");
    assertThat(hub.get("/api/persons/%d/track".formatted(tomas)).json())
        .as("taken once")
        .hasSize(7);
    String page = shown("?person=" + tomas);
    assertThat(page)
        .contains("Tomás Arregui met 3 people within 5 minutes.")
        .contains("3 people within 5 m and within 5 minutes; 4 at any time")
        .contains("aria-pressed=\"true\" data-id=\"%d\"".formatted(tomas))
        .contains("<td>1 m</td>")
        .contains("leaflet-interactive")
        .contains("leaflet-control-scale-line");
  }

  @Test
  void tellsOnThePageWhatIsWrongAndWhatThereIsNot() {
    importsConference();
    long tomas = person("Arregui");

    assertThat(shown("?person=9007199254740991")).contains("There is nothing with this id.");
    assertThat(shown("?person=%d&start=2019-01-01&end=2019-01-02".formatted(tomas)))
        .contains("Tomás Arregui was not seen in this time. Choose other dates.");
    assertThat(shown("?person=%d&start=2026-10-05&end=2026-10-04".formatted(tomas)))
        .contains("end_date is before start_date");
    assertThat(shown("")).contains("Choose somebody on the left").contains("Kenji Morishita");
  }

  @Test
  void saysWhichRowsOfAFileItRefusesAndWhy() throws IOException {
    importsConference();
    long ilse = person("Brandvold");
    Path rows =
        Files.writeString(
            folder.resolve("rows.csv"),
            """
            person,time,longitude,latitude
            %1$d,2026-10-06T10:00:00Z,11.1,49.4
            %1$d,2026-10-06T10:00:00Z,49.4,111.1
            %1$d,2026-10-06T10:01:00Z,11.1,49.4,5
            %1$d,2026-10-06,11.1,49.4
            Ilse,2026-10-06T10:02:00Z,11.1,49.4
            %1$d,2026-10-06T10:02:00Z,east,49.4
            %1$d,2026-10-06T10:03:00Z,11.1,49.4
            """
                .formatted(ilse));

    Ended ended = imports("--locations", rows.toString());

    assertThat(ended.status()).isEqualTo(3);
    assertThat(ended.output())
        .contains("Accepted 2 locations, refused 5 rows")
        .contains("line 3 looks swapped: latitude 111.1, longitude 49.4")
        .contains("line 4 has not four fields")
        .contains("line 5 ")
        .contains("line 6 names the person Ilse, who is not an id")
        .contains("line 7 has a coordinate that is no number");
  }

  @Test
  void sendsNothingOfAFileWhoseAxesLookSwapped() throws IOException {
    importsConference();
    long ilse = person("Brandvold");
    Path swapped =
        Files.writeString(
            folder.resolve("swapped.csv"),
            "person,time,longitude,latitude\n%1$d,2026-10-07T10:00:00Z,49.4,111.1\n%1$d,2026-10-07T10:01:00Z,49.4,111.2\n"
                .formatted(ilse));
    String track =
        "/api/persons/%d/track?start_date=2026-10-07&end_date=2026-10-07".formatted(ilse);

    Ended refused = imports("--locations", swapped.toString());
    JsonNode before = hub.get(track).json();
    Ended taken = imports("--locations", swapped.toString(), "--swap-axes");

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.output()).contains("look swapped. Nothing was sent; give --swap-axes.");
    assertThat(before).isEmpty();
    assertThat(taken.output()).contains("Accepted 2 locations, refused 0 rows");
    assertThat(hub.get(track).json()).hasSize(2);
  }
}
