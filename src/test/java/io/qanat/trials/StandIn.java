package io.qanat.trials;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The Salesforce stand-in as a trial sees it: its faults, its records and what it counted. */
final class StandIn {
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI url;

  StandIn(URI url) {
    this.url = url;
  }

  /** Empties it and calls off its faults. */
  void reset() {
    calmDown();
    call("DELETE", "", "");
  }

  /** Adds a fault. */
  void fault(String json) {
    call("POST", "/faults", json);
  }

  /** Calls off all faults. */
  void calmDown() {
    call("DELETE", "/faults", "");
  }

  /** How often the faults have struck. */
  int strikes() {
    int fired = 0;
    for (JsonNode fault : call("GET", "/faults", "")) {
      fired += fault.path("fired").asInt();
    }
    return fired;
  }

  /**
   * Its contacts: the numbers of the changes that they show, by external id, or else by e-mail
   * address in lower case; one number for each record.
   */
  Map<String, List<Integer>> contacts() {
    Map<String, List<Integer>> contacts = new TreeMap<>();
    for (JsonNode contact : records("Contact")) {
      String key =
          contact.hasNonNull("ExternalId__c")
              ? contact.path("ExternalId__c").asText()
              : contact.path("Email").asText().toLowerCase(Locale.ROOT);
      contacts
          .computeIfAbsent(key, k -> new ArrayList<>())
          .add(Change.seqIn(contact.path("Title").asText()));
    }
    return contacts;
  }

  /** Its records of an object. */
  JsonNode records(String object) {
    return call("GET", "/records?object=" + object, "");
  }

  /** How many records of an object it holds. */
  int count(String object) {
    return records(object).size();
  }

  /** How many times a record was created or updated. */
  int recordsWritten() {
    return call("GET", "/stats", "").path("recordsWritten").asInt();
  }

  /** How many collection upserts it was asked for. */
  int writeCalls() {
    return call("GET", "/stats", "").path("callsByRoute").path("PATCH composite/sobjects").asInt();
  }

  /** How many logins it granted. */
  int logins() {
    return call("GET", "/stats", "").path("logins").asInt();
  }

  /** Sets how many calls the org has a day, and how many of them are used. */
  void dailyCalls(int limit, int used) {
    call("POST", "/limits", "{\"dailyApiRequests\":%d,\"used\":%d}".formatted(limit, used));
  }

  /** Ends all sessions. */
  void expireTokens() {
    call("POST", "/expire-tokens", "");
  }

  /** Changes the secret that logs in from now on. */
  void clientSecret(String secret) {
    call("POST", "/client-secret", "{\"clientSecret\":\"%s\"}".formatted(secret));
  }

  private JsonNode call(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/__sim" + path))
            .method(method, BodyPublishers.ofString(body))
            .build();
    try {
      var response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new IllegalStateException(path + ": " + response.statusCode() + response.body());
      }
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
