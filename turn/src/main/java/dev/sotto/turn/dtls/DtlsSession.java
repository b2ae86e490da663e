package dev.sotto.turn.dtls;

import dev.sotto.turn.ClientTransport;
import dev.sotto.turn.DropReason;
import dev.sotto.turn.relay.ClientLink;
import dev.sotto.turn.relay.IdleCheck;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.bouncycastle.tls.DTLSRequest;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;

/**
 * A client's DTLS session. During the handshake, which blocks, Bouncy Castle's objects belong to a
 * virtual thread; it hands them to the event loop with its last step and never touches them again.
 * From then on the loop decrypts and encrypts. Everything else here is the loop's from the start.
 */
final class DtlsSession extends ClientLink {
  private final DtlsListener listener;
  private final InetSocketAddress client;
  private final byte[] clientRandom;
  private final StunTurnServer server;
  private final RecordTransport records;
  private final IdleCheck idle;
  private Optional<Thread> handshake = Optional.empty();
  private Optional<DTLSTransport> dtls = Optional.empty();
  private boolean closed;

  DtlsSession(
      DtlsListener listener, InetSocketAddress client, byte[] clientRandom, StunTurnServer server) {
    this.server = server;
    this.listener = listener;
    this.client = client;
    this.clientRandom = clientRandom;
    this.records = new RecordTransport(this::sendRecord, server::shortestEncryptedBytes);
    this.idle = new IdleCheck(listener.loop(), listener.idleTimeout(), this, this::close);
  }

  /** Begins the handshake of a client whose cookie was right. */
  void start(DTLSRequest request) {
    handshake = Optional.of(Thread.ofVirtual().name("turn-dtls").start(() -> shakeHands(request)));
  }

  InetSocketAddress client() {
    return client;
  }

  boolean isOpen() {
    return dtls.isPresent();
  }

  boolean beganWith(byte[] random) {
    return Arrays.equals(clientRandom, random);
  }

  void onDatagram(byte[] datagram) {
    if (dtls.isPresent()) {
      read(dtls.get(), datagram);
    } else if (!records.offer(datagram)) {
      listener.dropped(DropReason.SEND_QUEUE_FULL);
    }
  }

  @Override
  public ClientTransport transport() {
    return ClientTransport.DTLS;
  }

  @Override
  public void send(ByteBuf message, InetSocketAddress destination) {
    byte[] scratch = listener.plaintext();
    int length = message.readableBytes();
    message.readBytes(scratch, 0, length).release();
    if (closed || dtls.isEmpty()) {
      return;
    }
    try {
      dtls.get().send(scratch, 0, length);
    } catch (IOException _) {
      listener.dropped(DropReason.SEND_FAILED);
    }
  }

  void close() {
    if (closed) {
      return;
    }
    closed = true;
    idle.stop();
    listener.forget(this);
    handshake.ifPresent(Thread::interrupt);
    listener.worker().onLinkClosed(this);
    dtls.ifPresent(DtlsSession::sayGoodbye);
    dtls = Optional.empty();
  }

  private void shakeHands(DTLSRequest request) {
    Optional<DTLSTransport> result;
    try {
      result = Optional.of(new DTLSServerProtocol().accept(server, records, request));
    } catch (IOException | RuntimeException _) {
      result = Optional.empty(); // timed out, refused or given up: there is no session
    }
    Optional<DTLSTransport> established = result;
    onLoop(() -> handshakeEnded(established));
  }

  private void handshakeEnded(Optional<DTLSTransport> established) {
    handshake = Optional.empty();
    listener.handshakeEnded();
    if (established.isEmpty() || closed) {
      established.ifPresent(DtlsSession::sayGoodbye);
      close();
      return;
    }
    dtls = established;
    records.takeOver();
    idle.start();
    byte[] waiting = records.nextWaiting();
    while (waiting.length > 0 && !closed) {
      read(established.get(), waiting);
      waiting = records.nextWaiting();
    }
  }

  private void read(DTLSTransport session, byte[] datagram) {
    byte[] plaintext = listener.plaintext();
    records.present(datagram, datagram.length);
    try {
      // The wait is a formality: the transport has the datagram or says at once that it has not.
      int length = session.receive(plaintext, 0, plaintext.length, 1);
      while (length >= 0 && !closed) {
        deliver(plaintext, length);
        length = session.receivePending(plaintext, 0, plaintext.length);
      }
    } catch (RecordTransport.Drained _) {
      // nothing for us in it: an alert, a retransmission, or not a record of this session
    } catch (IOException _) {
      close();
    }
    if (records.isClosed()) {
      close();
    }
  }

  private void deliver(byte[] plaintext, int length) {
    ByteBuf message = PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(length, 1));
    message.writeBytes(plaintext, 0, length);
    listener.worker().onClientDatagram(message, client, this);
  }

  private void sendRecord(byte[] record, int offset, int length) {
    if (listener.loop().inEventLoop()) {
      listener.send(record, offset, length, client);
      return;
    }
    byte[] copy = Arrays.copyOfRange(record, offset, offset + length);
    onLoop(() -> listener.send(copy, 0, copy.length, client));
  }

  private void onLoop(Runnable task) {
    try {
      listener.loop().execute(task);
    } catch (RejectedExecutionException _) {
      // the server has stopped, and this session with it
    }
  }

  private static void sayGoodbye(DTLSTransport session) {
    try {
      session.close();
    } catch (IOException _) {
      // it is over either way
    }
  }
}
