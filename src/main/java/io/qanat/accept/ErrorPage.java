package io.qanat.accept;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * The last resort for errors that no flow and no handler answered: a problem, never a page or a
 * stack trace.
 */
@Controller
class ErrorPage implements ErrorController {
  @RequestMapping("${server.error.path:/error}")
  ResponseEntity<byte[]> error(HttpServletRequest request) {
    Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    Problem.Kind kind = Problem.Kind.of(status instanceof Integer code ? code : 404);
    String detail =
        kind == Problem.Kind.INTERNAL_ERROR
            ? "The hub met a defect of its own."
            : "The request was refused.";
    return ResponseEntity.status(kind.status())
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(new Problem(kind, detail).toJson());
  }
}
