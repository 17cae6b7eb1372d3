package io.qanat.mongodb;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import io.qanat.deliver.BatchOutcome;
import io.qanat.deliver.Deadline;
import io.qanat.deliver.Event;
import io.qanat.kafka.Position;
import io.qanat.sandbox.Sandbox;
import io.qanat.sandbox.SandboxSettings;
import io.qanat.sandbox.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.bson.BsonDocument;
import org.bson.Document;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sink into the collection {@code things} of a MongoDB server, which is empty before each test.
 */
abstract class MongoSinkFixture {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonParser.Feature.ALLOW_SINGLE_QUOTES).build();

  /** Documents that are made once, and changed in the order of their events. */
  static final String ORDERS =
      """
      collection: things
      events:
        made:
          write: insert
          fields:
            _id: {type: string, from: id}
            name: {type: string}
            price: {type: number, absent: omitted}
            at: {type: date, absent: accepted-at}
            state: {value: New}
        cancelled:
          write: patch
          when: {state: [New, "Late"]}
          fields:
            _id: {type: string, from: id}
            state: {value: Cancelled}
        renamed:
          write: patch
          fields:
            _id: {type: string, from: id}
            name: {type: string}
            note: {type: string}
        paid:
          - write: patch
            when: {state: [New]}
            fields:
              _id: {type: string, from: id}
              state: {value: Paid}
          - write: patch
            when: {state: [Paid, Cancelled]}
            fields:
              _id: {type: string, from: id}
              note: {value: refund}
        remade:
          write: replace
          fields:
            _id: {type: string, from: id}
            name: {type: string}
      indexes:
        - {keys: {state: 1, at: -1}}
      """;

  static Sandbox sandbox;
  private static MongoClient client;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    sandbox = Sandbox.start(SandboxSettings.forTests(Server.MONGODB));
    client = new MongoDb().mongoClient(sandbox.mongoDb().uri());
  }

  @AfterAll
  static void stop() {
    client.close();
    sandbox.close();
  }

  @BeforeEach
  void empty() {
    things().drop();
  }

  static MongoDatabase database() {
    return client.getDatabase("sink");
  }

  static MongoCollection<BsonDocument> things() {
    return database().getCollection("things", BsonDocument.class);
  }

  /** The documents, in the order of their ids. */
  static List<String> documents(String... without) {
    List<String> documents = new ArrayList<>();
    things()
        .find()
        .sort(new Document("_id", 1))
        .forEach(
            document -> {
              for (String field : without) {
                document.remove(field);
              }
              documents.add(
                  document
                      .toJson(JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build())
                      .replace('"', '\''));
            });
    return documents;
  }

  Instant now = Instant.EPOCH;

  MongoSink sink(String mapping) {
    return sink(mapping, database());
  }

  MongoSink sink(String mapping, MongoDatabase database) {
    Path file = folder.resolve("things.mapping.yaml");
    try {
      Files.writeString(file, mapping);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    DefaultCamelContext camel = new DefaultCamelContext();
    camel.getRegistry().bind("database", database);
    MongoSink sink = new MongoSink(() -> now);
    sink.setCamelContext(camel);
    sink.setMapping("file:" + file);
    sink.start();
    return sink;
  }

  static Event event(long offset, String type, String data) {
    ObjectNode json = json(data);
    return new Event(
        new Position("qanat.things", 0, offset),
        json.path("id").asText("k"),
        "e" + offset,
        type,
        Instant.parse("2026-10-05T10:00:00.123Z"),
        json);
  }

  static ObjectNode json(String data) {
    try {
      return (ObjectNode) JSON.readTree(data);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static BatchOutcome write(MongoSink sink, Event... events) {
    return sink.write(List.of(events), Deadline.NEVER);
  }
}
