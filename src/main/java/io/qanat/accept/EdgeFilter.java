package io.qanat.accept;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.apache.camel.CamelContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Keeps the edge bounded: how large a body may be, how slowly it may come, how much all bodies may
 * hold together, and how many requests may be worked on at once. What is over a bound is answered
 * at once instead of queued.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class EdgeFilter extends OncePerRequestFilter {
  private static final int CHUNK = 8 * 1024;

  private final int maxBody;
  private final long bodyNanos;
  private final String retryAfter;
  private final Semaphore bodyBytes;
  private final Semaphore inFlight;
  private final BooleanSupplier ready;

  EdgeFilter(AcceptProperties properties, CamelContext context) {
    ready = context::isStarted;
    maxBody = Math.toIntExact(properties.maxBodySize().toBytes());
    bodyNanos = properties.bodyTimeout().toNanos();
    retryAfter = ProblemAnswer.seconds(properties.retryAfter());
    bodyBytes = new Semaphore(Math.toIntExact(properties.maxBodiesInMemory().toBytes()));
    inFlight = new Semaphore(properties.maxInFlight());
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try {
      if (!ready.getAsBoolean()) {
        // Tomcat listens before the routes are there, and after they are gone.
        throw new ProblemException(
            Problem.Kind.UNAVAILABLE, "The hub is starting or stopping. Send it again shortly.");
      }
      bounded(request, response, chain);
    } catch (ProblemException e) {
      write(response, e.problem());
    }
  }

  private void bounded(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new ProblemException(
          Problem.Kind.UNSUPPORTED_MEDIA_TYPE, "Send the body without a Content-Encoding.");
    }
    long length = request.getContentLengthLong();
    if (length > maxBody) {
      throw tooLarge();
    }
    // A chunked body does not tell its length, so the most that it may become is set aside.
    int reserved = length >= 0 ? (int) length : hasBody(request) ? maxBody : 0;
    if (!bodyBytes.tryAcquire(reserved)) {
      throw new ProblemException(
          Problem.Kind.UNAVAILABLE, "Too many bodies are being read. Send it again shortly.");
    }
    BoundedRequest bounded = new BoundedRequest(request, bodyBytes, reserved);
    try {
      if (reserved > 0) {
        bounded.hold(read(request));
      }
      if (!inFlight.tryAcquire()) {
        throw new ProblemException(
            Problem.Kind.UNAVAILABLE,
            "Too many requests are being worked on. Send it again shortly.");
      }
      try {
        chain.doFilter(bounded, response);
      } finally {
        inFlight.release();
      }
    } finally {
      bounded.giveBack();
    }
  }

  private static boolean hasBody(HttpServletRequest request) {
    return request.getHeader("Transfer-Encoding") != null;
  }

  private byte[] read(HttpServletRequest request) throws IOException {
    long start = System.nanoTime();
    ServletInputStream in = request.getInputStream();
    int expected = request.getContentLength();
    ByteArrayOutputStream out = new ByteArrayOutputStream(expected >= 0 ? expected : CHUNK);
    byte[] chunk = new byte[Math.min(CHUNK, Math.max(expected, 512))];
    try {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        out.write(chunk, 0, n);
        if (out.size() > maxBody) {
          throw tooLarge();
        }
        if (System.nanoTime() - start > bodyNanos) {
          throw tooSlow();
        }
      }
    } catch (java.net.SocketTimeoutException e) {
      throw tooSlow();
    } catch (IOException e) {
      throw new ProblemException(
          Problem.Kind.BAD_REQUEST, "The body ended before it was complete.");
    }
    return out.toByteArray();
  }

  private static ProblemException tooSlow() {
    return new ProblemException(Problem.Kind.REQUEST_TIMEOUT, "Send the body without pauses.");
  }

  private ProblemException tooLarge() {
    return new ProblemException(
        Problem.Kind.BODY_TOO_LARGE,
        "A body may hold %d bytes (qanat.accept.max-body-size); send less.".formatted(maxBody));
  }

  private void write(HttpServletResponse response, Problem problem) throws IOException {
    if (problem.kind() == Problem.Kind.UNAVAILABLE) {
      response.setHeader("Retry-After", retryAfter);
    }
    if (problem.kind() == Problem.Kind.BODY_TOO_LARGE
        || problem.kind() == Problem.Kind.REQUEST_TIMEOUT) {
      // The rest of the body is not worth reading.
      response.setHeader("Connection", "close");
    }
    problem.write(response);
  }
}
