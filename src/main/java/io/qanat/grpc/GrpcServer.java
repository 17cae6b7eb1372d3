package io.qanat.grpc;

import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.grpc.MetricCollectingServerInterceptor;
import io.qanat.Flows;
import io.qanat.HubProperties;
import io.qanat.HubProperties.Role;
import io.qanat.accept.AcceptProperties;
import io.qanat.accept.AcceptRoute;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.stereotype.Component;

/**
 * Serves the services of all flows' {@code .proto} files on one port, with health and reflection,
 * from when the routes are up until before they go.
 */
@Component
class GrpcServer implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(GrpcServer.class);
  private static final int DRAIN_SECONDS = 10;
  private static final int KEEP_ALIVE_SECONDS = 60;
  private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

  private final GrpcProperties properties;
  private final AcceptProperties accept;
  private final HubProperties hub;
  private final Flows flows;
  private final CamelContext camel;
  private final MeterRegistry meters;
  private final HealthStatusManager health = new HealthStatusManager();
  private @Nullable Executor executor;
  private @Nullable Server server;

  GrpcServer(
      GrpcProperties properties,
      AcceptProperties accept,
      HubProperties hub,
      Flows flows,
      CamelContext camel,
      MeterRegistry meters) {
    this.properties = properties;
    this.accept = accept;
    this.hub = hub;
    this.flows = flows;
    this.camel = camel;
    this.meters = meters;
  }

  @Override
  @EventListener(ApplicationReadyEvent.class)
  public void start() {
    if (!hub.roles().contains(Role.ACCEPT)) {
      return;
    }
    executor = threads();
    Intake intake =
        new Intake(executor, new Semaphore(Math.toIntExact(properties.maxInMemory().toBytes())));
    List<ServerServiceDefinition> services = services(intake);
    if (services.isEmpty()) {
      stop();
      return;
    }
    Server started = build(services);
    try {
      started.start();
    } catch (IOException e) {
      stop();
      throw new UncheckedIOException(
          "gRPC cannot listen on port %d (qanat.grpc.port)".formatted(properties.port()), e);
    }
    server = started;
    health.setStatus("", ServingStatus.SERVING);
    services.forEach(
        s -> health.setStatus(s.getServiceDescriptor().getName(), ServingStatus.SERVING));
    LOG.info(
        "gRPC on port {}: {}",
        started.getPort(),
        services.stream().map(s -> s.getServiceDescriptor().getName()).toList());
  }

  private Server build(List<ServerServiceDefinition> services) {
    MetricCollectingServerInterceptor metrics = new MetricCollectingServerInterceptor(meters);
    services.forEach(metrics::preregisterService);
    return NettyServerBuilder.forAddress(
            new InetSocketAddress(properties.address(), properties.port()))
        .executor(Objects.requireNonNull(executor))
        .maxInboundMessageSize(Math.toIntExact(properties.maxMessageSize().toBytes()))
        .maxConcurrentCallsPerConnection(properties.maxCalls())
        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
        .permitKeepAliveTime(KEEP_ALIVE_SECONDS / 6, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .intercept(metrics)
        .addServices(services)
        .addService(health.getHealthService())
        .addService(ProtoReflectionServiceV1.newInstance())
        .build();
  }

  private List<ServerServiceDefinition> services(Intake intake) {
    List<ServerServiceDefinition> services = new ArrayList<>();
    for (String flow : flows.names()) {
      for (Path file : protoFiles(flow)) {
        FileDescriptor described = ProtoFiles.read(file);
        for (ServiceDescriptor service : described.getServices()) {
          services.add(
              new FlowService(
                      service,
                      m ->
                          new AcceptRoute(
                              camel, flow + "-accept-grpc", service.getName() + "." + m.getName()),
                      intake,
                      accept.callerHeader())
                  .define());
        }
      }
    }
    return services;
  }

  private List<Path> protoFiles(String flow) {
    try (var files = Files.list(flows.folder(flow))) {
      return files.filter(f -> f.toString().endsWith(".proto")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the folder of flow " + flow, e);
    }
  }

  /** Lets calls end; streams that go on are ended after {@value #DRAIN_SECONDS} seconds. */
  @Override
  public void stop() {
    health.enterTerminalState();
    if (server != null) {
      server.shutdown();
      try {
        if (!server.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
          server.shutdownNow();
          server.awaitTermination(1, TimeUnit.SECONDS);
        }
      } catch (InterruptedException e) {
        server.shutdownNow();
        Thread.currentThread().interrupt();
      }
      server = null;
    }
    if (executor instanceof ExecutorService pool) {
      pool.shutdown();
    }
    executor = null;
  }

  /** Calls wait for Kafka, so they have threads of their own: virtual ones, where the JDK does. */
  private static Executor threads() {
    if (Runtime.version().feature() < FIRST_WITH_VIRTUAL_THREADS) {
      return Executors.newCachedThreadPool();
    }
    SimpleAsyncTaskExecutor virtual = new SimpleAsyncTaskExecutor("grpc-");
    virtual.setVirtualThreads(true);
    return virtual;
  }

  /** The port that it listens on. */
  int port() {
    return Objects.requireNonNull(server, "gRPC is not served").getPort();
  }

  @Override
  public boolean isRunning() {
    return server != null;
  }

  /** Camel brings the routes up when everything else is started. */
  @Override
  public boolean isAutoStartup() {
    return false;
  }

  /** Ends before the routes. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE - 1;
  }
}
