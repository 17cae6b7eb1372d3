package io.qanat.sandbox.salesforce;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The door of the sandbox: plays the faults, counts the calls, and hands them on. */
final class Gateway implements HttpHandler {
  private final Org org;
  private final OAuth oauth;
  private final RestApi rest;
  private final SoapLogin soap;
  private final ControlApi control;

  Gateway(Org org, Clock clock, URI url) {
    this.org = org;
    this.oauth = new OAuth(org.store(), org.tokens(), org.stats(), clock, url);
    this.rest = new RestApi(org, oauth.identityUrl());
    this.soap = new SoapLogin(org, url);
    this.control = new ControlApi(org);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer;
      try {
        answer = answer(Call.read(exchange));
      } catch (ApiException e) {
        answer = e.answer();
      } catch (RuntimeException e) {
        answer = Answer.error(500, "UNKNOWN_EXCEPTION", String.valueOf(e), List.of());
      }
      if (!answer.isDrop()) {
        send(exchange, answer);
      }
    }
  }

  private Answer answer(Call call) {
    if (!call.segments().isEmpty() && call.segments().get(0).equals("__sim")) {
      return control.handle(call);
    }
    org.stats().called(Routes.name(call));
    Fault fault = org.faults().strike(call);
    if (fault == null) {
      return serve(call);
    }
    return switch (fault.kind()) {
      case "row-lock" -> serve(call.withRowLock(fault));
      case "drop-before" -> Answer.DROP;
      case "drop-after-commit" -> {
        serve(call);
        yield Answer.DROP;
      }
      case "delay" -> delayed(call, fault);
      case "expired-token" -> {
        call.header("Authorization")
            .map(header -> header.substring(header.indexOf(' ') + 1))
            .ifPresent(org.tokens()::revoke);
        yield ApiException.invalidSession().answer();
      }
      default -> fault.answer(call.segments().contains("oauth2"));
    };
  }

  private Answer delayed(Call call, Fault fault) {
    boolean before = "before".equals(fault.when());
    Answer early = before ? Answer.DROP : serve(call);
    try {
      TimeUnit.MILLISECONDS.sleep(fault.delayMs() == null ? 1_000 : fault.delayMs());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.DROP;
    }
    return before ? serve(call) : early;
  }

  private Answer serve(Call call) {
    List<String> path = call.segments();
    String root = path.isEmpty() ? "" : path.get(0);
    String service = path.size() < 2 ? "" : path.get(1);
    try {
      if (root.equals("services") && service.equals("data")) {
        return rest.handle(call);
      }
      if (root.equals("services") && service.equals("oauth2") && path.size() == 3) {
        return oauth.handle(call, path.get(2));
      }
      if (root.equals("services") && service.equals("Soap")) {
        return soap.handle(call);
      }
      if (root.equals("id")) {
        return oauth.identity(call);
      }
    } catch (ApiException e) {
      return e.answer();
    }
    return Answer.html(404, "URL No Longer Exists");
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    if (!answer.contentType().isEmpty()) {
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
    }
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }
}
