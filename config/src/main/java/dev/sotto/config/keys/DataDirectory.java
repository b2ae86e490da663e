package dev.sotto.config.keys;

import dev.sotto.config.settings.SettingsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The folder of generated keys, readable by its owner only. Files appear whole or not at all; of
 * two processes that start at once, one generates and the other reads.
 */
public final class DataDirectory {

  private static final String LOCK_FILE = ".lock";

  private final Path folder;

  private DataDirectory(Path folder) {
    this.folder = folder;
  }

  /**
   * Opens the folder, making it if it is not there.
   *
   * @throws SettingsException if it cannot be made
   */
  public static DataDirectory open(Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
          Files.createDirectories(parent);
        }
        Files.createDirectory(folder, ownerOnly("rwx------"));
      }
      return new DataDirectory(folder);
    } catch (IOException e) {
      throw new SettingsException(
          "sotto.data-dir: the folder " + folder + " cannot be made; name one that can be written",
          e);
    }
  }

  /** Reads bytes as a value. */
  @FunctionalInterface
  public interface Reader<T> {
    /** Any exception means that the file is damaged. */
    T read(byte[] content) throws Exception;
  }

  /** Reads the value in file {@code name}; generates it first where there is none. */
  public <T> T readOrCreate(String name, Supplier<byte[]> generator, Reader<T> reader) {
    return readOrCreate(name, generator, reader, _ -> true);
  }

  /**
   * Reads the value in file {@code name}; generates it first where there is none or {@code current}
   * says that the one there is out of date.
   *
   * @throws KeyException if the file is damaged or cannot be read or written
   */
  public <T> T readOrCreate(
      String name, Supplier<byte[]> generator, Reader<T> reader, Predicate<T> current) {
    Path file = folder.resolve(name);
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve(LOCK_FILE),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                ownerOnly("rw-------"));
        FileLock _ = channel.lock()) {
      if (Files.exists(file)) {
        T value = parse(file, Files.readAllBytes(file), reader);
        if (current.test(value)) {
          return value;
        }
      }
      byte[] content = generator.get();
      write(file, content);
      return parse(file, content, reader);
    } catch (IOException e) {
      throw new KeyException(file + " cannot be read or written: check its owner and rights", e);
    }
  }

  private static <T> T parse(Path file, byte[] content, Reader<T> reader) {
    try {
      return reader.read(content);
    } catch (Exception e) {
      throw new KeyException(
          file + " is damaged: restore it, or delete it and the next start makes a new one", e);
    }
  }

  private void write(Path file, byte[] content) throws IOException {
    Path temporary = folder.resolve(file.getFileName() + ".new");
    Files.deleteIfExists(temporary);
    try (FileChannel channel =
        FileChannel.open(
            temporary,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            ownerOnly("rw-------"))) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static FileAttribute<?>[] ownerOnly(String rights) {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))
        }
        : new FileAttribute<?>[0];
  }
}
