package io.qanat.accept;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProblemValveTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int CLIENTS = 8;

  private final Map<Integer, HttpResponse<String>> answers = new ConcurrentHashMap<>();

  /**
   * Tomcat decides between two steps of its parser that it is paused, as it is to stop, and then
   * answers 400; so it is paused until it has done that.
   */
  @Test
  void tellsNobodyThatItsRequestIsWrongWhenTomcatIsPausedInTheMiddleOfIt(@TempDir Path folder)
      throws Exception {
    Tomcat tomcat = start(folder);
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      URI uri = URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + "/");
      for (int i = 0; i < CLIENTS; i++) {
        clients.execute(() -> post(uri));
      }
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (!answers.containsKey(503)
          && !answers.containsKey(400)
          && System.nanoTime() < deadline) {
        tomcat.getConnector().pause();
        tomcat.getConnector().resume();
      }
    } finally {
      clients.shutdownNow();
      tomcat.stop();
      tomcat.destroy();
    }

    assertThat(answers).containsKey(503).doesNotContainKey(400);
    assertThat(answers.get(503).headers().firstValue("Retry-After")).contains("2");
    assertThat(answers.get(503).headers().firstValue("Content-Type")).contains(Problem.MEDIA_TYPE);
    assertThat(answers.get(503).body()).contains("The hub is stopping");
  }

  private static Tomcat start(Path folder) throws LifecycleException {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    ProblemValve.addTo(tomcat.getHost(), "2");
    Context context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "ok", new Ok());
    context.addServletMappingDecoded("/*", "ok");
    tomcat.start();
    return tomcat;
  }

  private static final class Ok extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
      response.setStatus(200);
    }
  }

  private void post(URI uri) {
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpRequest request = HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString("{}")).build();
    while (!Thread.currentThread().isInterrupted()) {
      try {
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        answers.putIfAbsent(answer.statusCode(), answer);
      } catch (IOException closed) {
        // A paused Tomcat closes what is kept alive.
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
