package io.qanat.bench;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

/** Posts of one kind, each with an id of its own in its body. */
final class Posts implements Supplier<Question> {
  private static final int ID_DIGITS = 12;
  private static final String ID = "0".repeat(ID_DIGITS);
  private static final String CONTACT =
      """
      {"externalId":"bench-000000000000","firstName":"Augusta Ada","lastName":"King of Lovelace",\
      "email":"ada.lovelace@example.com","phone":"+44 20 7946 0958","title":"Countess, and Enchantress of Numbers",\
      "mailingAddress":{"street":"Ockham Park, the second house on the left behind the mill, and ask for the analytical engine","city":"London","state":"Greater London",\
      "postalCode":"SW1Y 4JH","country":"United Kingdom of Great Britain and Northern Ireland"}}""";
  private static final String ORDER =
      """
      {"userId":"https://customers.example.com/people/bench-000000000000","productId":"https://shop.example.com/products/analytical-engines/brass/second-edition",\
      "productName":"Analytical engine of brass, with a mill of 50 digits, a store of 1,000 numbers, a printer, a curve drawer, a bell, and a chest of punched cards; assembly by the customer",\
      "totalOrderAmount":17470.25,"orderStatus":"Processing, until the payment has been made or was declined","createdAt":"2026-10-05T10:00:00Z"}""";
  private static final String REQUEST =
      """
      POST %s HTTP/1.1\r
      Host: 127.0.0.1\r
      Content-Type: application/json\r
      Accept: application/json\r
      User-Agent: qanat-bench\r
      Content-Length: %d\r
      \r
      %s""";

  private final String path;
  private final byte[] request;
  private final int bodyOffset;
  private final int idOffset;
  private final int status;
  private long lastId;

  private Posts(String path, String body, int status) {
    this.path = path;
    this.status = status;
    String text = REQUEST.formatted(path, body.length(), body);
    request = text.getBytes(StandardCharsets.US_ASCII);
    bodyOffset = text.length() - body.length();
    idOffset = text.indexOf(ID, bodyOffset);
  }

  /** Contacts, which are answered 202. */
  static Posts contacts() {
    return new Posts("/contacts", CONTACT, 202);
  }

  /** Orders of as many bytes, which are answered 201. */
  static Posts orders() {
    return new Posts("/orders", ORDER, 201);
  }

  String path() {
    return path;
  }

  @Override
  public Question get() {
    return new Question(request(++lastId), status, "\"id\"");
  }

  /** The request body with its id. */
  byte[] body(long id) {
    byte[] all = request(id);
    return Arrays.copyOfRange(all, bodyOffset, all.length);
  }

  /** The external id of a contact. */
  static String externalId(long id) {
    return "bench-%012d".formatted(id);
  }

  private byte[] request(long id) {
    byte[] target = request.clone();
    long rest = id;
    for (int i = idOffset + ID_DIGITS - 1; i >= idOffset; i--) {
      target[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return target;
  }
}
