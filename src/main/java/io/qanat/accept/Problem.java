package io.qanat.accept;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * An error as a caller sees it: RFC 9457 {@code application/problem+json}, with a stable type and
 * no internals.
 *
 * @param kind what kind of problem it is
 * @param detail what is wrong with this request, and what to do
 * @param errors the single violations, where there are any
 */
public record Problem(Kind kind, String detail, List<Violation> errors) {
  /** The media type of a problem. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final JsonMapper JSON = new JsonMapper();

  /** A problem without single violations. */
  public Problem(Kind kind, String detail) {
    this(kind, detail, List.of());
  }

  /**
   * One thing that is wrong.
   *
   * @param pointer a JSON Pointer into the body in its URI fragment form, or the name of a
   *     parameter
   * @param detail what is wrong there
   */
  public record Violation(String pointer, String detail) {}

  /** The kinds of problems; the kebab-case name is part of the public API. */
  public enum Kind {
    /** The body is not JSON, or not JSON that can be taken safely. */
    MALFORMED_JSON(400, "The body is not well-formed JSON"),
    /** The request does not follow the flow's contract. */
    CONTRACT_VIOLATION(400, "The request does not follow the contract"),
    /** The request itself cannot be understood. */
    BAD_REQUEST(400, "The request cannot be understood"),
    /** Nobody has logged in, or with a wrong password. */
    UNAUTHORIZED(401, "Log in first"),
    /** Whoever has logged in may not do this. */
    FORBIDDEN(403, "This is not allowed"),
    /** There is nothing at this path. */
    NOT_FOUND(404, "There is nothing here"),
    /** The path does not take this method. */
    METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
    /** No answer in a media type that the caller accepts. */
    NOT_ACCEPTABLE(406, "No acceptable media type"),
    /** What it is about is in a state that does not allow this. */
    CONFLICT(409, "Its state does not allow this"),
    /** There was something here, and it will not come back. */
    GONE(410, "It is no longer here"),
    /** The caller took too long to send its body. */
    REQUEST_TIMEOUT(408, "The body came too slowly"),
    /** The body is larger than the bound. */
    BODY_TOO_LARGE(413, "The body is too large"),
    /** The body's media type or encoding is not taken. */
    UNSUPPORTED_MEDIA_TYPE(415, "The media type is not supported"),
    /** A defect of the hub. */
    INTERNAL_ERROR(500, "The hub failed"),
    /** Too much is being worked on, or the hub is starting or stopping. */
    UNAVAILABLE(503, "The hub cannot take this now"),
    /** Kafka did not acknowledge the event in time. */
    NOT_ACCEPTED(503, "The event could not be stored");

    private final int status;
    private final String title;

    Kind(int status, String title) {
      this.status = status;
      this.title = title;
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }

    /** The kind for a status that something other than a flow answered. */
    static Kind of(int status) {
      for (Kind kind : values()) {
        if (kind.status == status && kind != MALFORMED_JSON && kind != CONTRACT_VIOLATION) {
          return kind;
        }
      }
      return status < 500 ? BAD_REQUEST : INTERNAL_ERROR;
    }

    /** Its name in routes. */
    String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The stable URI of this kind. */
    public String type() {
      return "urn:qanat:problem:" + key();
    }
  }

  /** Makes the problem the answer to a request that reached no flow. */
  public void write(HttpServletResponse response) throws IOException {
    response.setStatus(kind.status());
    response.setContentType(MEDIA_TYPE);
    response.getOutputStream().write(toJson());
  }

  /** The body of the answer. */
  public byte[] toJson() {
    ObjectNode node =
        JSON.createObjectNode()
            .put("type", kind.type())
            .put("title", kind.title)
            .put("status", kind.status)
            .put("detail", detail);
    if (!errors.isEmpty()) {
      var array = node.putArray("errors");
      errors.forEach(e -> array.addObject().put("pointer", e.pointer()).put("detail", e.detail()));
    }
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
