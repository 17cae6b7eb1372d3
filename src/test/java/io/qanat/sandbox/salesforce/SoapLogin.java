package io.qanat.sandbox.salesforce;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** {@code /services/Soap/u}: login with a password, as older clients still do. */
final class SoapLogin {
  private final Org org;
  private final URI url;

  SoapLogin(Org org, URI url) {
    this.org = org;
    this.url = url;
  }

  Answer handle(Call call) {
    if (!call.method().equals("POST")) {
      throw ApiException.methodNotAllowed(call.method(), "POST");
    }
    Optional<Document> parsed = parse(call.body());
    if (parsed.isEmpty()) {
      return fault("soapenv:Client", "The request is not well formed");
    }
    Document document = parsed.get();
    if (document.getElementsByTagNameNS("*", "logout").getLength() > 0) {
      org.tokens().revoke(text(document, "sessionId"));
      return Answer.text(200, "text/xml;charset=UTF-8", envelope("<logoutResponse/>"));
    }
    if (document.getElementsByTagNameNS("*", "login").getLength() == 0) {
      return fault("soapenv:Client", "No operation available for request");
    }
    if (!Tokens.USERNAME.equalsIgnoreCase(text(document, "username"))
        || !Tokens.PASSWORD.equals(text(document, "password"))) {
      return fault(
          "sf:INVALID_LOGIN",
          "INVALID_LOGIN: Invalid username, password, security token; or user locked out.");
    }
    org.stats().loggedIn();
    String version = call.segments().size() > 3 ? call.segments().get(3) : "62.0";
    String result =
        """
        <loginResponse><result><passwordExpired>false</passwordExpired><sandbox>true</sandbox>\
        <serverUrl>%1$s/services/Soap/u/%2$s/%3$s</serverUrl><sessionId>%4$s</sessionId>\
        <userId>%5$s</userId><userInfo><organizationId>%3$s</organizationId><userId>%5$s</userId>\
        <userName>%6$s</userName></userInfo></result></loginResponse>"""
            .formatted(
                url,
                version,
                org.store().orgId(),
                org.tokens().issue(org.store().orgId()),
                org.store().userId(),
                Tokens.USERNAME);
    return Answer.text(200, "text/xml;charset=UTF-8", envelope(result));
  }

  private static String text(Document document, String element) {
    Node node = document.getElementsByTagNameNS("*", element).item(0);
    return node == null ? "" : node.getTextContent().strip();
  }

  private static Answer fault(String code, String message) {
    String fault =
        "<soapenv:Fault><faultcode>%s</faultcode><faultstring>%s</faultstring></soapenv:Fault>"
            .formatted(code, message);
    return Answer.text(500, "text/xml;charset=UTF-8", envelope(fault));
  }

  private static String envelope(String body) {
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" \
        xmlns="urn:partner.soap.sforce.com" xmlns:sf="urn:fault.partner.soap.sforce.com">\
        <soapenv:Body>%s</soapenv:Body></soapenv:Envelope>"""
        .formatted(body);
  }

  private static Optional<Document> parse(String xml) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setNamespaceAware(true);
      var builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      return Optional.of(builder.parse(new InputSource(new StringReader(xml))));
    } catch (ParserConfigurationException | SAXException | IOException e) {
      return Optional.empty();
    }
  }
}
