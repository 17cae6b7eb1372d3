package io.qanat.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Sends locations over REST, in arrays of {@value Pings#ARRAY}. */
final class RestPings implements PingClient {
  private static final int ACCEPTED = 202;

  private final Pings pings;
  private final URI uri;
  private final int inFlight;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads;

  RestPings(Pings pings, int port, int inFlight) {
    this.pings = pings;
    this.inFlight = inFlight;
    uri = URI.create("http://127.0.0.1:%d/api/locations".formatted(port));
    threads = Executors.newFixedThreadPool(inFlight);
  }

  @Override
  public long send(BooleanSupplier more) {
    List<CompletableFuture<Long>> senders =
        Stream.generate(() -> CompletableFuture.supplyAsync(() -> posts(more), threads))
            .limit(inFlight)
            .toList();
    return senders.stream().mapToLong(CompletableFuture::join).sum();
  }

  private long posts(BooleanSupplier more) {
    long sent = 0;
    while (more.getAsBoolean()) {
      post(pings.array(sent / Pings.ARRAY));
      sent += Pings.ARRAY;
    }
    return sent;
  }

  private void post(byte[] array) {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(array))
            .build();
    try {
      HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
      if (answer.statusCode() != ACCEPTED || accepted(answer.body()) != Pings.ARRAY) {
        throw new IllegalStateException("Answered " + answer.statusCode());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static long accepted(byte[] answer) throws IOException {
    try (var json = new JsonMapper().createParser(answer)) {
      json.nextToken();
      return "accepted".equals(json.nextFieldName()) ? json.nextLongValue(0) : 0;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
