package io.qanat.grpc;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The gRPC edge, which is there when a flow has a {@code .proto} file.
 *
 * @param address what it listens on
 * @param port the port; 0 takes a free one
 * @param maxMessageSize the largest message; a larger one ends its call
 * @param maxInMemory how much all messages at hand may hold together; more ends calls
 * @param maxCalls how many calls one connection may have at once; more wait
 */
@ConfigurationProperties("qanat.grpc")
record GrpcProperties(
    @DefaultValue("127.0.0.1") String address,
    @DefaultValue("9090") int port,
    @DefaultValue("1MB") DataSize maxMessageSize,
    @DefaultValue("64MB") DataSize maxInMemory,
    @DefaultValue("128") int maxCalls) {}
