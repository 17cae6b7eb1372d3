package io.qanat.grpc;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.ProtoFile;
import com.squareup.wire.schema.Schema;
import com.squareup.wire.schema.SchemaLoader;
import com.squareup.wire.schema.internal.SchemaEncoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** Reads {@code .proto} files as they are, so that a flow's service needs no generated code. */
final class ProtoFiles {
  private static final List<String> WELL_KNOWN =
      Stream.of("any", "descriptor", "duration", "empty", "struct", "timestamp", "wrappers")
          .map("google/protobuf/%s.proto"::formatted)
          .toList();

  private final Schema schema;
  private final SchemaEncoder encoder;
  private final Map<String, FileDescriptor> built = new HashMap<>();

  private ProtoFiles(Schema schema) {
    this.schema = schema;
    encoder = new SchemaEncoder(schema);
  }

  /**
   * The descriptor of a file and of what it imports: from its folder, or of Google's well-known
   * types.
   *
   * @throws IllegalArgumentException if it is no valid {@code .proto} file
   */
  static FileDescriptor read(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    String name = file.getFileName().toString();
    SchemaLoader loader = new SchemaLoader(FileSystems.getDefault());
    // What is imported, too, with all of its fields.
    loader.setLoadExhaustively(true);
    Path wellKnown = wellKnown();
    try {
      loader.initRoots(
          List.of(Location.get(folder.toString(), name)),
          List.of(Location.get(folder.toString()), Location.get(wellKnown.toString())));
      return new ProtoFiles(loader.loadSchema()).descriptor(name);
    } catch (RuntimeException | InvalidProtocolBufferException | DescriptorValidationException e) {
      throw new IllegalArgumentException(
          "%s is no valid proto file: %s".formatted(file, e.getMessage()), e);
    } finally {
      delete(wellKnown);
    }
  }

  /** Google's types in a folder; else the loader reads the lists of all jars to find them. */
  private static Path wellKnown() {
    try {
      Path folder = Files.createTempDirectory("qanat-protos");
      for (String name : WELL_KNOWN) {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        try (InputStream text = SchemaLoader.class.getResourceAsStream("/" + name)) {
          Files.copy(Objects.requireNonNull(text, name), file);
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try {
      FileSystemUtils.deleteRecursively(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FileDescriptor descriptor(String path)
      throws InvalidProtocolBufferException, DescriptorValidationException {
    FileDescriptor known = built.get(path);
    if (known != null) {
      return known;
    }
    ProtoFile file = schema.protoFile(path);
    if (file == null) {
      throw new IllegalArgumentException(path + " is not there");
    }
    FileDescriptorProto proto = FileDescriptorProto.parseFrom(encoder.encode(file).toByteArray());
    FileDescriptor[] imported = new FileDescriptor[proto.getDependencyCount()];
    for (int i = 0; i < imported.length; i++) {
      imported[i] = descriptor(proto.getDependency(i));
    }
    FileDescriptor descriptor = FileDescriptor.buildFrom(proto, imported);
    built.put(path, descriptor);
    return descriptor;
  }
}
