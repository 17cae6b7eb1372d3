package io.qanat.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qanat.process.PaymentProvider;
import io.qanat.process.PaymentProvider.Reply;
import io.qanat.trials.Shoppers.Shopper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.bson.BsonDocument;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders that customers cancel while they are paid, at a provider that charges and then does not
 * answer now and then, and the hub dies twice.
 *
 * <p>Protections: each change of an order is one conditional write; the answer to a change is read
 * after it; the order's id is the provider's idempotency key.
 */
@ExtendWith(World.Shared.class)
class OrdersTrial {
  private static final Logger LOG = LoggerFactory.getLogger(OrdersTrial.class);
  private static final int ORDERS = Integer.getInteger("qanat.trials.orders", 20_000);
  private static final int SHOPPERS = 48;
  private static final String PAYMENTS_LANE = "payments-deliver-mongodb";

  private static Map<String, String> properties(World world, PaymentProvider provider)
      throws Exception {
    Path flags = Path.of("target", "trials", "orders-flags.yaml").toAbsolutePath();
    Files.createDirectories(flags.getParent());
    Files.writeString(
        flags,
        Files.readString(Path.of(World.home(), "routes", "flags.yaml"))
            .replace("defaultVariant: simulator", "defaultVariant: http"));
    Map<String, String> properties = new TreeMap<>(world.properties());
    properties.put("qanat.flows", "orders,payments");
    properties.put("qanat.flags.file", flags.toString());
    properties.put("qanat.payments.url", provider.url());
    return properties;
  }

  @Test
  @Tag("long")
  @DisplayName("T32 cancels race payments, the hub killed twice")
  void givesEachOrderOneLegalStateAndAsksForEachPaymentOnce(World world) throws Exception {
    world.hub().stop(Duration.ofMinutes(1));
    // Other trials leave payments of orders that are gone.
    world.kafka().skip(Orders.PAYMENTS, PAYMENTS_LANE);
    long dead = deadLetters(world);
    try (PaymentProvider provider = new PaymentProvider();
        HubProcess hub = new HubProcess("orders-hub", properties(world, provider));
        Shoppers shoppers = new Shoppers(hub.url(), ORDERS)) {
      provider.behave(number -> number % 500 == 0 ? Reply.CHARGE_AND_DROP : Reply.CHARGE);
      hub.start();
      shoppers.begin(SHOPPERS);
      for (int part = 1; part < 3; part++) {
        int some = ORDERS * part / 3;
        await().atMost(Duration.ofMinutes(10)).until(() -> shoppers.placed() >= some);
        hub.kill9();
        hub.start();
      }
      shoppers.join();
      await("all orders and payments are settled")
          .atMost(Duration.ofMinutes(5))
          .ignoreExceptions()
          .until(
              () ->
                  world.kafka().lag(Orders.FLOW) == 0
                      && world.kafka().lag(Orders.PAYMENTS, List.of(PAYMENTS_LANE)) == 0);
      weigh(world, provider, shoppers);
      assertThat(deadLetters(world)).isEqualTo(dead);
    }
  }

  private static long deadLetters(World world) throws Exception {
    return world.kafka().records(Orders.FLOW.deadLetters())
        + world.kafka().records(Orders.FLOW.deadLetters("payments"))
        + world.kafka().records("dlq.payments.mongodb");
  }

  private static void weigh(World world, PaymentProvider provider, Shoppers shoppers)
      throws Exception {
    Map<String, BsonDocument> orders = new ConcurrentHashMap<>();
    world
        .mongoDb()
        .collection("orders")
        .find()
        .forEach(order -> orders.put(order.getString("_id").getValue(), order));
    List<Shopper> all = shoppers.all();
    assertThat(all).allMatch(shopper -> shopper.order() != null);
    Set<String> placed = all.stream().map(s -> s.order()).collect(Collectors.toSet());
    assertThat(placed).hasSize(ORDERS);
    assertThat(orders.keySet()).containsAll(placed);

    for (Shopper shopper : all) {
      BsonDocument order = Objects.requireNonNull(orders.get(shopper.order()));
      String status = order.getString("orderStatus").getValue();
      String payment = order.getString("paymentStatus").getValue();
      assertThat(payment).isEqualTo(shopper.paid() ? "Success" : "Declined");
      assertThat(status)
          .as("%s after %s", shopper, order)
          .isIn(
              shopper.paid()
                  ? List.of("Success", "Cancelled", "Confirmed")
                  : List.of("Declined", "Cancelled"));
      shopper.says(status);
    }
    assertThat(provider.charges().keySet()).isEqualTo(orders.keySet());
    assertThat(provider.charges().values()).allMatch(charges -> charges.get() == 1);
    for (PaymentProvider.Request request : provider.requests()) {
      assertThat(request.body()).contains("\"orderId\":\"%s\"".formatted(request.key()));
    }
    Map<String, Long> states =
        orders.values().stream()
            .collect(
                Collectors.groupingBy(
                    o -> o.getString("orderStatus").getValue(), Collectors.counting()));
    LOG.info(
        "{} orders, {} asked for {} times; {}; answers {}",
        orders.size(),
        provider.charges().size(),
        provider.requests().size(),
        states,
        shoppers.answers());
    assertThat(states.keySet()).contains("Success", "Cancelled", "Confirmed", "Declined");
  }
}
