package io.qanat.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProtoFilesTest {
  @TempDir private Path folder;

  private Path write(String name, String proto) throws IOException {
    return Files.writeString(folder.resolve(name), proto);
  }

  @Test
  void readsWhatImportsAnotherFileAndAWellKnownType() throws IOException {
    write("other.proto", "syntax = \"proto3\"; package x; message Other { string a = 3; }");
    Path file =
        write(
            "main.proto",
            """
            syntax = "proto3";
            package x;
            import "other.proto";
            import "google/protobuf/timestamp.proto";
            service S { rpc M(stream Main) returns (stream Other); }
            message Main {
              Other other = 1;
              google.protobuf.Timestamp time = 2;
              optional double accuracy = 4;
              double plain = 5;
              map<string, int32> counts = 6;
              enum Kind { NONE = 0; SOME = 1; }
              repeated Kind kinds = 7;
            }
            """);

    FileDescriptor read = ProtoFiles.read(file);

    var message = read.findMessageTypeByName("Main");
    assertThat(message.getFields())
        .extracting(FieldDescriptor::getName)
        .containsExactly("other", "time", "accuracy", "plain", "counts", "kinds");
    assertThat(message.findFieldByName("accuracy").hasPresence()).isTrue();
    assertThat(message.findFieldByName("plain").hasPresence()).isFalse();
    assertThat(message.findFieldByName("counts").isMapField()).isTrue();
    assertThat(message.findFieldByName("time").getMessageType().getFields()).hasSize(2);
    assertThat(read.findServiceByName("S").findMethodByName("M").isClientStreaming()).isTrue();
  }

  @Test
  void namesTheFileThatIsWrong() throws IOException {
    Path broken = write("broken.proto", "syntax = \"proto3\"; message { }");
    Path unknown = write("unknown.proto", "syntax = \"proto3\"; message A { Nowhere x = 1; }");

    assertThatThrownBy(() -> ProtoFiles.read(broken)).hasMessageContaining("broken.proto");
    assertThatThrownBy(() -> ProtoFiles.read(unknown))
        .hasMessageContaining("unknown.proto")
        .hasMessageContaining("Nowhere");
  }
}
