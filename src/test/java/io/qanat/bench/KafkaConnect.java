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

/**
 * Kafka Connect, standalone, with one JDBC sink of Debezium's, which is the usual way without a
 * hub. The converter has the schema of the records, so that not every record must bring it along.
 */
final class KafkaConnect {
  private static final String MAIN = "org.apache.kafka.connect.cli.ConnectStandalone";

  private KafkaConnect() {}

  /**
   * Starts it.
   *
   * @param name what the connector and its consumer group are called
   * @param connector what differs from connector to connector
   */
  static MeasuredJvm start(
      String name, String servers, String url, int tasks, Map<String, String> connector)
      throws IOException {
    Path folder = Files.createDirectories(MeasuredJvm.reports().resolve(name)).toAbsolutePath();
    Properties worker = new Properties();
    worker.putAll(
        Map.of(
            "bootstrap.servers", servers,
            "listeners", "http://127.0.0.1:" + Ports.free(),
            "key.converter", "org.apache.kafka.connect.storage.StringConverter",
            "value.converter", "org.apache.kafka.connect.json.JsonConverter",
            "value.converter.schemas.enable", "true",
            "value.converter.schema.content", LocationBacklog.RECORD_SCHEMA,
            "offset.storage.file.filename", folder.resolve("offsets").toString(),
            "plugin.discovery", "service_load",
            "consumer.max.poll.records", "10000",
            "consumer.auto.offset.reset", "earliest"));
    Properties sink = new Properties();
    sink.putAll(
        Map.of(
            "name", name,
            "connector.class", "io.debezium.connector.jdbc.JdbcSinkConnector",
            "tasks.max", Integer.toString(tasks),
            "topics", LocationBacklog.RECORDS,
            "connection.url", url,
            "connection.username", "qanat",
            "connection.password", "qanat",
            "schema.evolution", "none",
            "collection.name.format", "location"));
    sink.putAll(
        Map.of(
            "primary.key.mode", "record_value",
            "primary.key.fields", "person_id,ts,lon,lat"));
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
