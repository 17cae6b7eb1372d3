package io.qanat.accept;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.util.unit.DataSize;

class EdgeFilterTest {
  private final DefaultCamelContext context = new DefaultCamelContext();
  private final EdgeFilter filter =
      new EdgeFilter(
          new AcceptProperties(
              DataSize.ofBytes(100),
              DataSize.ofBytes(150),
              1,
              Duration.ofMillis(50),
              Duration.ofSeconds(30),
              1,
              Duration.ofSeconds(3),
              ""),
          context);
  private final MockHttpServletResponse response = new MockHttpServletResponse();

  @BeforeEach
  void start() {
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void handsTheBodyOnByteForByte() throws Exception {
    MockFilterChain chain = new MockFilterChain();

    filter.doFilter(post("hello"), response, chain);

    assertThat(BoundedRequest.body(chain.getRequest())).asString().isEqualTo("hello");
    assertThat(chain.getRequest().getInputStream().readAllBytes()).asString().isEqualTo("hello");
  }

  @Test
  void shedsWhatIsMoreThanItMayWorkOnAtOnceAndRecovers() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<?> first =
          other.submit(
              () -> {
                filter.doFilter(
                    post("a"),
                    new MockHttpServletResponse(),
                    (q, a) -> {
                      entered.countDown();
                      try {
                        leave.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                    });
                return null;
              });
      entered.await();

      filter.doFilter(post("b"), response, new MockFilterChain());

      assertProblem(503, "unavailable");
      assertThat(response.getHeader("Retry-After")).isEqualTo("3");
      leave.countDown();
      first.get();
      MockFilterChain chain = new MockFilterChain();
      filter.doFilter(post("c"), new MockHttpServletResponse(), chain);
      assertThat(chain.getRequest()).isNotNull();
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void setsTheMemoryOfABodyAsideWhileItIsWorkedOn() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      filter.doFilter(
          post("x".repeat(100)),
          new MockHttpServletResponse(),
          (q, a) -> {
            try {
              other
                  .submit(
                      () -> {
                        filter.doFilter(post("y".repeat(100)), response, new MockFilterChain());
                        return null;
                      })
                  .get();
            } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
              throw new IllegalStateException(e);
            }
          });
    } finally {
      other.shutdownNow();
    }

    assertProblem(503, "unavailable");
    assertThat(response.getContentAsString()).contains("bodies");
  }

  @Test
  void givesTheMemoryOfABodyBackOnceThatIsLetGo() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      for (int i = 0; i < 2; i++) {
        filter.doFilter(
            post("x".repeat(100)),
            new MockHttpServletResponse(),
            (q, a) -> {
              BoundedRequest.letGo(q);
              assertThat(BoundedRequest.body(q)).isEmpty();
              try {
                response.reset();
                other
                    .submit(
                        () -> {
                          filter.doFilter(post("y".repeat(100)), response, new MockFilterChain());
                          return null;
                        })
                    .get();
              } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
                throw new IllegalStateException(e);
              }
            });
      }
    } finally {
      other.shutdownNow();
    }

    // The second one is over the bound of requests, no longer over that of bodies.
    assertProblem(503, "unavailable");
    assertThat(response.getContentAsString()).contains("requests");
    filter.doFilter(
        post("x".repeat(100)),
        new MockHttpServletResponse(),
        (q, a) -> assertThat(q).isInstanceOf(BoundedRequest.class));
  }

  @Test
  void refusesABodyThatIsTooLargeWithOrWithoutALength() throws Exception {
    filter.doFilter(post("x".repeat(101)), response, new MockFilterChain());
    assertProblem(413, "body-too-large");

    response.reset();
    filter.doFilter(chunked("x".repeat(101), 0), response, new MockFilterChain());
    assertProblem(413, "body-too-large");
  }

  @Test
  void refusesABodyThatDripsIn() throws Exception {
    filter.doFilter(chunked("x".repeat(100), 10), response, new MockFilterChain());

    assertProblem(408, "request-timeout");
  }

  @Test
  void refusesAnEncodedBody() throws Exception {
    MockHttpServletRequest request = post("x");
    request.addHeader("Content-Encoding", "gzip");

    filter.doFilter(request, response, new MockFilterChain());

    assertProblem(415, "unsupported-media-type");
  }

  @Test
  void asksToComeAgainWhileTheRoutesAreNotThere() throws Exception {
    context.stop();

    filter.doFilter(post("x"), response, new MockFilterChain());

    assertProblem(503, "unavailable");
    assertThat(response.getHeader("Retry-After")).isNotNull();
  }

  private void assertProblem(int status, String kind) throws Exception {
    JsonNode json = new JsonMapper().readTree(response.getContentAsByteArray());
    assertThat(response.getStatus()).isEqualTo(status);
    assertThat(response.getContentType()).isEqualTo("application/problem+json");
    assertThat(json.path("type").asText()).isEqualTo("urn:qanat:problem:" + kind);
  }

  private static MockHttpServletRequest post(String body) {
    MockHttpServletRequest request = new MockHttpServletRequest("POST", "/contacts");
    request.setContent(body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return request;
  }

  /** A body without a length that gives a byte at a time, each after a while. */
  private static MockHttpServletRequest chunked(String body, long millisPerByte) {
    return new MockHttpServletRequest("POST", "/contacts") {
      {
        addHeader("Transfer-Encoding", "chunked");
      }

      @Override
      public ServletInputStream getInputStream() {
        return new Drip(body, millisPerByte);
      }
    };
  }

  private static final class Drip extends ServletInputStream {
    private final String body;
    private final Duration pause;
    private int at;

    Drip(String body, long millisPerByte) {
      this.body = body;
      this.pause = Duration.ofMillis(millisPerByte);
    }

    @Override
    public int read() {
      java.util.concurrent.locks.LockSupport.parkNanos(pause.toNanos());
      return at < body.length() ? body.charAt(at++) : -1;
    }

    @Override
    public int read(byte[] b, int off, int len) {
      int next = read();
      if (next < 0) {
        return -1;
      }
      b[off] = (byte) next;
      return 1;
    }

    @Override
    public boolean isFinished() {
      return at == body.length();
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
      throw new IllegalStateException();
    }
  }
}
