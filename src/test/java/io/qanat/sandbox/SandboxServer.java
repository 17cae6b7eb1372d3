package io.qanat.sandbox;

import java.util.Map;

/** One server of the sandbox: one that it runs, or a real one that is configured. */
public interface SandboxServer extends AutoCloseable {
  /** What it is, for people: {@code Kafka}. */
  String name();

  /** Where it comes from, for people: {@code embedded}, {@code system}, {@code configured}. */
  String kind();

  /** Where clients find it. */
  String address();

  /** What the hub needs to know of it. */
  Map<String, String> properties();

  /** Stops it, if the sandbox runs it. */
  @Override
  void close();
}
