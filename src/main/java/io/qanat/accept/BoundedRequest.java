package io.qanat.accept;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;

/** A request whose body was read, within its bound, before anything works on it. */
final class BoundedRequest extends HttpServletRequestWrapper {
  private static final byte[] NOTHING = {};

  private final Semaphore budget;
  private int reserved;
  private byte[] body = NOTHING;

  /**
   * A request whose body is still to be read.
   *
   * @param budget the memory of all bodies, of which this one has its share already
   * @param reserved that share, in bytes
   */
  BoundedRequest(HttpServletRequest request, Semaphore budget, int reserved) {
    super(request);
    this.budget = budget;
    this.reserved = reserved;
  }

  /** Keeps the body that was read. */
  void hold(byte[] body) {
    this.body = body;
  }

  /** Gives the body's share of the memory back. */
  void giveBack() {
    budget.release(reserved);
    reserved = 0;
  }

  /** The bytes of a request's body. */
  static byte[] body(ServletRequest request) {
    return of(request).body;
  }

  /** Forgets the body of a request that is worked on for long without it. */
  static void letGo(ServletRequest request) {
    BoundedRequest bounded = of(request);
    bounded.body = NOTHING;
    bounded.giveBack();
  }

  private static BoundedRequest of(ServletRequest request) {
    ServletRequest r = request;
    while (r instanceof ServletRequestWrapper wrapper) {
      if (wrapper instanceof BoundedRequest bounded) {
        return bounded;
      }
      r = wrapper.getRequest();
    }
    throw new IllegalStateException("The request did not come through the edge filter");
  }

  @Override
  public ServletInputStream getInputStream() {
    ByteArrayInputStream bytes = new ByteArrayInputStream(body);
    return new ServletInputStream() {
      @Override
      public int read() {
        return bytes.read();
      }

      @Override
      public int read(byte[] b, int off, int len) {
        return bytes.read(b, off, len);
      }

      @Override
      public boolean isFinished() {
        return bytes.available() == 0;
      }

      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void setReadListener(ReadListener listener) {
        throw new IllegalStateException("The body is in memory already");
      }
    };
  }

  @Override
  public BufferedReader getReader() {
    return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
  }
}
