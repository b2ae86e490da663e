package dev.sotto.signalling.dialogue;

import dev.sotto.signalling.sasl.ChannelBindingType;
import dev.sotto.signalling.stream.StreamTransport;
import dev.sotto.signalling.xml.Element;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * A transport without a socket: what the server does to it is a line of text, in order. Elements
 * are in {@link Xml#canonical} form; the rest is {@code <stream:stream>}, {@code </stream:stream>},
 * {@code (restart)}, {@code (tls)} and {@code (trusted N)}.
 */
final class MemoryTransport implements StreamTransport {

  private final VirtualTime time;
  private final InetAddress address;
  private final boolean canStartTls;
  private final Deque<String> events = new ArrayDeque<>();
  private final Deque<Runnable> heldTasks = new ArrayDeque<>();
  private String lastStreamId = "";
  private boolean encrypted;
  private boolean paused;
  private boolean closed;
  private boolean holding;

  MemoryTransport(VirtualTime time, InetAddress address, boolean canStartTls, boolean encrypted) {
    this.time = time;
    this.address = address;
    this.canStartTls = canStartTls;
    this.encrypted = encrypted;
  }

  Deque<String> events() {
    return events;
  }

  boolean isPaused() {
    return paused;
  }

  boolean isClosed() {
    return closed;
  }

  String lastStreamId() {
    return lastStreamId;
  }

  /** From now on tasks wait, as they do while another thread owns the loop. */
  void holdTasks() {
    holding = true;
  }

  void runHeldTasks() {
    holding = false;
    while (!heldTasks.isEmpty()) {
      heldTasks.remove().run();
    }
  }

  @Override
  public void openStream(String domain, String streamId, Optional<String> version) {
    String attribute = version.map(number -> " version='" + number + "'").orElse("");
    record("<stream:stream from='" + domain + "'" + attribute + ">");
    lastStreamId = streamId;
  }

  @Override
  public void send(Element element) {
    record(Xml.canonical(element));
  }

  @Override
  public void restart() {
    record("(restart)");
  }

  @Override
  public void startTls() {
    record("(tls)");
    encrypted = true;
  }

  @Override
  public void trusted(int maxStanzaBytes) {
    record("(trusted " + maxStanzaBytes + ")");
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    record("</stream:stream>");
    closed = true;
  }

  private void record(String event) {
    if (closed) {
      throw new AssertionError("after the end of the stream: " + event);
    }
    events.add(event);
  }

  @Override
  public void pauseReading() {
    paused = true;
  }

  @Override
  public void resumeReading() {
    paused = false;
  }

  @Override
  public boolean isEncrypted() {
    return encrypted;
  }

  /** A client that shares the connection can compute it too: the name and the kind. */
  @Override
  public Optional<byte[]> channelBinding(ChannelBindingType type) {
    return encrypted
        ? Optional.of(("memory " + type.wireName()).getBytes(StandardCharsets.UTF_8))
        : Optional.empty();
  }

  @Override
  public boolean canStartTls() {
    return canStartTls;
  }

  @Override
  public InetAddress remoteAddress() {
    return address;
  }

  @Override
  public void execute(Runnable task) {
    if (holding) {
      heldTasks.add(task);
    } else {
      task.run();
    }
  }

  @Override
  public void later(Runnable task) {
    execute(task);
  }

  @Override
  public Cancellable schedule(Runnable task, long delayNanos) {
    return time.schedule(task, delayNanos);
  }
}
