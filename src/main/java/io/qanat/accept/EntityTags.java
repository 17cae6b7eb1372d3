package io.qanat.accept;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/**
 * Gives every answer to a read an {@code ETag}, and answers 304 to whoever has it already. Requests
 * that bring events do not pay for it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3">RFC 9110, ETag</a>
 */
@Component
class EntityTags extends ShallowEtagHeaderFilter {
  private static final Set<String> READS = Set.of("GET", "HEAD");

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return !READS.contains(request.getMethod());
  }
}
