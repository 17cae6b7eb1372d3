package io.qanat.salesforce;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.salesforce.AuthenticationType;
import org.apache.camel.component.salesforce.SalesforceComponent;
import org.apache.camel.component.salesforce.SalesforceEndpoint;
import org.apache.camel.component.salesforce.api.SalesforceException;
import org.apache.camel.component.salesforce.internal.SalesforceSession;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/**
 * Salesforce through {@code salesforce:raw}, which is the one operation that hides neither an empty
 * answer nor an error's body.
 *
 * <p>The component's own replay of a 401 logs in once per request that met it, so it is turned off
 * ({@code maxRetries=0}) and done here: the session logs in only if nobody replaced the token that
 * was refused, however many flows ask at once. A failed login leaves no token behind, so the next
 * request tries again.
 */
final class CamelSalesforceApi implements SalesforceApi {
  private static final String LIMIT_INFO = "Sforce-Limit-Info";

  private final ProducerTemplate producer;
  private final Endpoint raw;
  private final SalesforceSession session;
  private final String root;

  CamelSalesforceApi(CamelContext context) {
    SalesforceEndpoint endpoint =
        context.getEndpoint("salesforce:raw?format=JSON", SalesforceEndpoint.class);
    SalesforceComponent component = endpoint.getComponent();
    // A sink is made before the context starts its components; with a lazy login this calls nobody.
    ServiceHelper.startService(component);
    if (component.getHttpClient().getMaxRetries() != 0) {
      throw new IllegalStateException(
          "set camel.component.salesforce.http-client-properties[maxRetries]=0: the component would"
              + " log in once per refused request");
    }
    requireSecret(component);
    this.raw = endpoint;
    this.session = component.getSession();
    this.root = "/services/data/v" + endpoint.getConfiguration().getApiVersion();
    this.producer = context.createProducerTemplate();
  }

  /** Without it every login would fail, and the flow be held, long after the start. */
  private static void requireSecret(SalesforceComponent component) {
    if (component.getAuthenticationType() == AuthenticationType.CLIENT_CREDENTIALS
        && (component.getClientSecret() == null || component.getClientSecret().isBlank())) {
      throw new IllegalStateException(
          "qanat.salesforce.client-secret is not set; set it as QANAT_SALESFORCE_CLIENTSECRET in the"
              + " environment");
    }
  }

  @Override
  public String root() {
    return root;
  }

  @Override
  public Answer request(String method, String path, byte @Nullable [] body) {
    String token = login(null);
    Answer answer = send(method, path, body);
    if (answer.status() == 401) {
      login(token);
      answer = send(method, path, body);
    }
    return answer;
  }

  /**
   * The token to use. The session logs in if it has none or still has the refused one, and lets
   * other threads wait for the new one meanwhile.
   */
  private String login(@Nullable String refused) {
    try {
      String token = session.login(refused);
      if (token == null) {
        throw new LoginFailed("the login's answer holds no token", null);
      }
      return token;
    } catch (SalesforceException failed) {
      throw new LoginFailed(String.valueOf(failed.getMessage()), failed);
    } catch (NullPointerException | IndexOutOfBoundsException unreadable) {
      // The session reads an answer that lacks its members without looking.
      throw new LoginFailed("the login's answer is unreadable", unreadable);
    }
  }

  private Answer send(String method, String path, byte @Nullable [] body) {
    Exchange exchange =
        producer.send(
            raw,
            request -> {
              request.getIn().setHeader("rawMethod", method);
              request.getIn().setHeader("rawPath", path);
              request.getIn().setBody(body == null ? null : new ByteArrayInputStream(body));
            });
    String limitInfo = exchange.getMessage().getHeader(LIMIT_INFO, String.class);
    if (exchange.getException() == null) {
      Integer status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
      return new Answer(status == null ? 0 : status, text(exchange), limitInfo);
    }
    Throwable failure = exchange.getException();
    // A cause means that the exchange broke off: whatever status came first, the end is unknown.
    if (failure instanceof SalesforceException refused && refused.getCause() == null) {
      return new Answer(refused.getStatusCode(), text(exchange), limitInfo);
    }
    return new Answer(0, String.valueOf(failure.getMessage()), limitInfo);
  }

  private static String text(Exchange exchange) {
    InputStream body = exchange.getMessage().getBody(InputStream.class);
    if (body == null) {
      return "";
    }
    try (body) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
