package dev.circuitscope.core.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
  @TempDir Path dir;

  @Nested
  class A_file {
    @Test
    void is_created_and_replaced() throws IOException {
      Path file = dir.resolve("a.txt");
      AtomicFiles.write(file, "first, longer");
      AtomicFiles.write(file, "é");
      assertThat(Files.readString(file)).isEqualTo("é");
      AtomicFiles.write(file, new byte[0]);
      assertThat(file).isEmptyFile();
      assertThat(names(dir)).containsExactly("a.txt");
    }

    @Test
    void has_the_permissions_of_any_new_file() throws IOException {
      Path plain = Files.writeString(dir.resolve("plain"), "x");
      AtomicFiles.write(dir.resolve("atomic"), "x");
      assertThat(Files.getPosixFilePermissions(dir.resolve("atomic")))
          .isEqualTo(Files.getPosixFilePermissions(plain));
    }

    @Test
    void stays_as_it_was_when_the_writer_throws() throws IOException {
      Path file = dir.resolve("a.txt");
      AtomicFiles.write(file, "old");
      assertThatThrownBy(
              () ->
                  AtomicFiles.writeStream(
                      file,
                      out -> {
                        out.write(new byte[1_000_000]);
                        throw new IOException("disk full");
                      }))
          .hasMessage("disk full");
      assertThatThrownBy(
              () ->
                  AtomicFiles.writeStream(
                      file,
                      out -> {
                        throw new OutOfMemoryError("so be it");
                      }))
          .isInstanceOf(OutOfMemoryError.class);
      assertThat(Files.readString(file)).isEqualTo("old");
      assertThat(names(dir)).containsExactly("a.txt");
    }

    @Test
    void stays_as_it_was_when_the_thread_is_interrupted() throws IOException {
      Path file = dir.resolve("a.txt");
      AtomicFiles.write(file, "old");
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> AtomicFiles.write(file, "new"))
          .isInstanceOf(ClosedByInterruptException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(Files.readString(file)).isEqualTo("old");
      assertThat(names(dir)).containsExactly("a.txt");
    }

    @Test
    void is_not_seen_before_it_is_whole() throws IOException {
      Path file = dir.resolve("a.txt");
      AtomicFiles.writeStream(
          file,
          out -> {
            out.write("half".getBytes(StandardCharsets.UTF_8));
            out.flush();
            assertThat(file).doesNotExist();
          });
      assertThat(Files.readString(file)).isEqualTo("half");
    }

    @Test
    void needs_its_directory() {
      assertThatThrownBy(() -> AtomicFiles.write(dir.resolve("no/such/a.txt"), "x"))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessageContaining("create");
    }
  }

  @Nested
  class A_directory {
    @Test
    void appears_whole() throws IOException {
      Path target = dir.resolve("checkpoint");
      AtomicFiles.createDirectory(
          target,
          inside -> {
            Files.writeString(inside.resolve("a"), "1");
            Files.createDirectory(inside.resolve("sub"));
            Files.writeString(inside.resolve("sub/b"), "2");
            assertThat(target).doesNotExist();
          });
      assertThat(Files.readString(target.resolve("sub/b"))).isEqualTo("2");
      assertThat(names(dir)).containsExactly("checkpoint");
    }

    @Test
    void is_not_there_when_the_writer_throws() {
      assertThatThrownBy(
              () ->
                  AtomicFiles.createDirectory(
                      dir.resolve("checkpoint"),
                      inside -> {
                        Files.writeString(inside.resolve("a"), "1");
                        throw new IllegalStateException("midway");
                      }))
          .hasMessage("midway");
      assertThat(names(dir)).isEmpty();
    }

    @Test
    void is_not_created_over_another() throws IOException {
      Path target = Files.createDirectory(dir.resolve("checkpoint"));
      assertThatThrownBy(() -> AtomicFiles.createDirectory(target, inside -> {}))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThat(names(dir)).containsExactly("checkpoint");
    }

    @Test
    void is_replaced_only_by_a_whole_one() throws IOException {
      Path target = dir.resolve("model");
      AtomicFiles.replaceDirectory(target, in -> Files.writeString(in.resolve("old"), "1"));
      assertThatThrownBy(
              () ->
                  AtomicFiles.replaceDirectory(
                      target,
                      in -> {
                        throw new IOException("midway");
                      }))
          .hasMessage("midway");
      assertThat(names(target)).containsExactly("old");
      AtomicFiles.replaceDirectory(target, in -> Files.writeString(in.resolve("new"), "1"));
      assertThat(names(target)).containsExactly("new");
      assertThat(names(dir)).containsExactly("model");
    }
  }

  private static List<String> names(Path directory) {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
