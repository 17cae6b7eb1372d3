package io.qanat.sandbox.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A plain HTTP client of the sandbox, logged in unless its token says otherwise. */
final class SandboxClient {
  static final String UPSERT = "composite/sobjects/Contact/ExternalId__c";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI url;
  private String token = "";

  SandboxClient(URI url) {
    this.url = url;
  }

  static SandboxClient loggedIn(URI url) {
    SandboxClient client = new SandboxClient(url);
    client.login();
    return client;
  }

  void login() {
    String form = "grant_type=client_credentials&client_id=qanat&client_secret=qanat";
    token = json(token(form)).path("access_token").asText();
  }

  String token() {
    return token;
  }

  HttpResponse<String> token(String form) {
    return exchange(
        request("/services/oauth2/token")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form)));
  }

  HttpResponse<String> data(String method, String path, String body) {
    return raw(method, "/services/data/v62.0/" + path, body);
  }

  HttpResponse<String> raw(String method, String path, String body) {
    return exchange(
        request(path)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body)));
  }

  JsonNode upsert(String... records) {
    return json(data("PATCH", UPSERT, collection(false, records)));
  }

  JsonNode sim(String method, String path, String body) {
    HttpResponse<String> response = raw(method, "/__sim" + path, body);
    return response.body().isEmpty() ? Json.object() : json(response);
  }

  JsonNode stats() {
    return sim("GET", "/stats", "");
  }

  static String collection(boolean allOrNone, String... records) {
    return "{\"allOrNone\":%s,\"records\":[%s]}".formatted(allOrNone, String.join(",", records));
  }

  /** A contact; more members come after a comma. */
  static String contact(String key, String more) {
    return "{\"attributes\":{\"type\":\"Contact\"},\"ExternalId__c\":\"%s\"%s}"
        .formatted(key, more);
  }

  static String named(String key) {
    return contact(key, ",\"LastName\":\"Name of " + key + "\"");
  }

  static JsonNode json(HttpResponse<String> response) {
    return Json.parse(response.body());
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(20));
  }

  HttpResponse<String> exchange(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
