#!/usr/bin/env bash
# Lays out what the image copies below a folder: opt/java, a Java runtime; layers/*, the application; app, all layers
# in one, as they are in the image; app/qanat.aot, the AOT cache. Dockerfile runs it with / as the folder; without
# Docker it runs on any machine with a JDK 25:
#   JAVA_HOME=<jdk> image/assemble.sh <home with routes and kamelets> <folder>
# It needs target/ as ./mvnw package -DskipTests leaves it.
set -euo pipefail
home=$(realpath "$1")
mkdir -p "$2"
root=$(realpath "$2")
root=${root%/}
cd "$(dirname "$0")/.."

# java.se, and what Spring Boot, Kafka's logins, MongoDB's host names and the stand-in need besides; jcmd and flight
# recordings for whoever has to look inside.
modules=java.se,jdk.charsets,jdk.httpserver,jdk.jcmd,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net
modules+=,jdk.security.auth,jdk.security.jgss,jdk.unsupported,jdk.zipfs
rm -rf "$root/opt/java" "$root/layers" "$root/app"
mkdir -p "$root/opt" "$root/app"
"$JAVA_HOME/bin/jlink" --add-modules "$modules" --strip-debug --no-man-pages --no-header-files \
  --generate-cds-archive --output "$root/opt/java"

"$JAVA_HOME/bin/java" -Djarmode=tools -jar target/qanat.jar extract --layers --destination "$root/layers"
for layer in dependencies snapshot-dependencies application; do
  cp -a "$root/layers/$layer/." "$root/app/"
done

"$JAVA_HOME/bin/java" -cp "target/test-classes:target/classes:$root/app/lib/*" io.qanat.image.TrainingRun \
  "$root/opt/java" "$root/app/qanat.jar" "$home" "$root/app/qanat.aot"

# The stand-in for Salesforce is a test's.
mkdir -p "$root/layers/sandbox"
"$JAVA_HOME/bin/jar" --create --file "$root/layers/sandbox/sandbox.jar" -C target/test-classes io/qanat/sandbox/salesforce
cp -a "$root"/app/lib/jackson-{annotations,core,databind}-*.jar "$root/layers/sandbox/"
