# syntax=docker/dockerfile:1

# Base images are pinned by tag, not by digest; Dependabot moves them.
FROM eclipse-temurin:25-jdk-noble AS build
WORKDIR /src
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY src src
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw -B -ntp package -DskipTests -Djacoco.skip=true
COPY routes /qanat/routes
COPY kamelets /qanat/kamelets
COPY image image
# The servers of the training run are in Maven's repository.
RUN --mount=type=cache,target=/root/.m2 \
    image/assemble.sh /qanat /

FROM gcr.io/distroless/cc-debian13:nonroot AS runtime
COPY --from=build /opt/java /opt/java
ENV JAVA_HOME=/opt/java \
    PATH=/opt/java/bin \
    LANG=C.UTF-8
USER 65532:65532
ENTRYPOINT ["java"]

FROM runtime AS sandbox
LABEL org.opencontainers.image.title="qanat-sandbox" \
      org.opencontainers.image.description="A stand-in for Salesforce, for trying Qanat; it forgets everything when it ends" \
      org.opencontainers.image.source="https://github.com/qanat-io/qanat" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /layers/sandbox /app
EXPOSE 8089
# The port, the address, and where the hub finds it.
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-cp", "/app/*", "io.qanat.sandbox.salesforce.SandboxSalesforce"]
CMD ["8089", "0.0.0.0", "http://salesforce:8089"]

FROM runtime AS hub
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="qanat" \
      org.opencontainers.image.description="A declarative integration hub on Apache Camel" \
      org.opencontainers.image.source="https://github.com/qanat-io/qanat" \
      org.opencontainers.image.documentation="https://github.com/qanat-io/qanat/blob/main/docs/operating.md" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# The cache goes by the jars' sizes and times, which a copy keeps.
COPY --from=build /layers/dependencies /app
COPY --from=build /layers/application /app
COPY --from=build /app/qanat.aot /app/qanat.aot
COPY --from=build /qanat /qanat
# A container's network is its own, so the addresses are open here and nowhere else.
ENV QANAT_HOME=/qanat \
    SERVER_ADDRESS=0.0.0.0 \
    MANAGEMENT_SERVER_ADDRESS=0.0.0.0 \
    QANAT_GRPC_ADDRESS=0.0.0.0 \
    JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=55 -XX:+ExitOnOutOfMemoryError"
EXPOSE 8080 8081 9090
WORKDIR /qanat
ENTRYPOINT ["java", "-XX:+UseG1GC", "-XX:AOTCache=/app/qanat.aot", "-jar", "/app/qanat.jar"]
