package io.qanat.sandbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** The folder that holds the servers' data, for one sandbox at a time. */
final class SandboxFolder implements AutoCloseable {
  private final Path folder;
  private final FileChannel lock;

  private SandboxFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /** Takes the folder, or says that another sandbox has it. */
  static SandboxFolder take(Path folder) {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        channel.close();
        throw new SandboxException(
            "%s is another sandbox's: stop that one, or use another folder with -D%sfolder=<folder>"
                .formatted(folder, SandboxSettings.PREFIX));
      }
      return new SandboxFolder(folder, channel);
    } catch (IOException e) {
      throw new SandboxException("Cannot use the folder " + folder + ": " + e.getMessage(), e);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException here) {
      return false;
    }
  }

  /** Deletes what the servers have kept, and nothing else that may lie in the folder. */
  void wipe() {
    try {
      for (Server server : Server.values()) {
        Path data = folder.resolve(server.key());
        if (server == Server.POSTGRESQL) {
          delete(PostgresHome.find(data));
        }
        delete(data);
      }
    } catch (IOException e) {
      throw new SandboxException("Cannot wipe " + folder + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new SandboxException("Cannot leave " + folder + ": " + e.getMessage(), e);
    }
  }

  /** Deletes a folder that was temporary. */
  void delete() {
    wipe();
    close();
    try {
      delete(folder);
    } catch (IOException e) {
      throw new SandboxException("Cannot delete " + folder + ": " + e.getMessage(), e);
    }
  }

  private static void delete(Path tree) throws IOException {
    if (Files.notExists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
