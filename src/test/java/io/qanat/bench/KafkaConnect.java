package io.qanat.bench;

import io.qanat.sandbox.Ports;
import io.qanat.sandbox.Sandbox;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Kafka Connect, standalone, with one sink, which is the usual way without a hub. */
final class KafkaConnect {
  private static final String MAIN = "org.apache.kafka.connect.cli.ConnectStandalone";

  private KafkaConnect() {}

  /**
   * Starts it.
   *
   * @param name what the connector and its consumer group are called
   * @param maxPoll how many records it polls at most
   * @param converter what makes values of records
   * @param connector the connector and its options
   */
  static MeasuredJvm start(
      String name,
      String servers,
      int maxPoll,
      Map<String, String> converter,
      Map<String, String> connector)
      throws IOException {
    Path folder = Files.createDirectories(MeasuredJvm.reports().resolve(name)).toAbsolutePath();
    Properties worker = new Properties();
    worker.putAll(
        Map.of(
            "bootstrap.servers",
            servers,
            "listeners",
            "http://127.0.0.1:" + Ports.free(),
            "key.converter",
            "org.apache.kafka.connect.storage.StringConverter",
            "offset.storage.file.filename",
            folder.resolve("offsets").toString(),
            "plugin.discovery",
            "service_load",
            "consumer.max.poll.records",
            Integer.toString(maxPoll),
            "consumer.auto.offset.reset",
            "earliest"));
    worker.putAll(converter);
    Properties sink = new Properties();
    sink.put("name", name);
    sink.putAll(connector);
    return MeasuredJvm.main(
        name,
        Sandbox.serverClassPath(),
        MAIN,
        List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
        List.of(
            write(worker, folder.resolve("worker.properties")),
            write(sink, folder.resolve("connector.properties"))));
  }

  private static String write(Properties properties, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      properties.store(out, null);
    }
    return file.toString();
  }
}
