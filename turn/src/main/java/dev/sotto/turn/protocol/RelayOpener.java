package dev.sotto.turn.protocol;

import dev.sotto.turn.ClientTransport;
import dev.sotto.turn.DropReason;
import dev.sotto.turn.protocol.AllocateDemand.Parity;
import dev.sotto.turn.relay.LocalRelay;
import dev.sotto.turn.relay.RelayPorts;
import dev.sotto.turn.relay.RelayPorts.Claim;
import dev.sotto.turn.relay.RelaySocket;
import dev.sotto.turn.relay.RelaySockets;
import dev.sotto.turn.relay.RelayedTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Turns claimed ports into relayed transport addresses. Whatever fails on the way gives its claims
 * back.
 */
final class RelayOpener {
  /**
   * Other programs may hold ports of the range; so many of them in a row mean that the range is not
   * ours.
   */
  private static final int ATTEMPTS = 32;

  private final SharedState shared;
  private final RelaySockets sockets;
  private final Counters counters;
  private final RandomGenerator random;

  /** A relayed address and, when one was asked for, the claim of the next port. */
  record Opened(RelayedTransport relay, Optional<Claim> next) {}

  RelayOpener(SharedState shared, RelaySockets sockets, Counters counters, RandomGenerator random) {
    this.counters = counters;
    this.shared = shared;
    this.sockets = sockets;
    this.random = random;
  }

  Optional<Opened> open(
      RelayPool pool, Parity parity, ClientTransport client, RelaySockets.Receiver receiver) {
    // Ports that could not be bound stay claimed until the end, so that they are not drawn again.
    List<Claim> unusable = new ArrayList<>();
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Optional<Claim> claim = claim(pool.ports(), parity);
        if (claim.isEmpty()) {
          return Optional.empty();
        }
        Optional<Claim> next =
            parity == Parity.EVEN_AND_RESERVE_NEXT
                ? pool.ports().claimNext(claim.get()).flatMap(held -> hold(pool, held))
                : Optional.empty();
        boolean complete = parity != Parity.EVEN_AND_RESERVE_NEXT || next.isPresent();
        Optional<RelayedTransport> relay =
            complete ? bind(pool, claim.get(), client, receiver) : Optional.empty();
        if (relay.isPresent()) {
          return Optional.of(new Opened(relay.get(), next));
        }
        unusable.add(claim.get());
        next.ifPresent(unusable::add);
      }
      return Optional.empty();
    } finally {
      unusable.forEach(Claim::close);
    }
  }

  /** Other programs could take a port that waits for its token while no socket is bound to it. */
  private Optional<Claim> hold(RelayPool pool, Claim claim) {
    try {
      claim.holdWith(sockets.hold(new InetSocketAddress(pool.bindAddress(), claim.port())));
      return Optional.of(claim);
    } catch (IOException _) {
      claim.close();
      return Optional.empty();
    }
  }

  /** Binds a port that is claimed already; the claim stays the caller's when that fails. */
  Optional<RelayedTransport> bind(
      RelayPool pool, Claim claim, ClientTransport client, RelaySockets.Receiver receiver) {
    InetSocketAddress advertised = new InetSocketAddress(pool.advertisedAddress(), claim.port());
    claim.release();
    try {
      RelaySocket socket =
          sockets.open(new InetSocketAddress(pool.bindAddress(), claim.port()), client, receiver);
      return Optional.of(
          new RelayedTransport(
              advertised,
              socket,
              claim,
              shared.hostPorts().open(advertised),
              shared
                  .localRelays()
                  .add(
                      advertised,
                      new LocalRelay(
                          sockets.inbox(),
                          receiver,
                          () -> counters.of(client).drop(DropReason.NO_ALLOCATION)))));
    } catch (IOException _) {
      return Optional
          .empty(); // the answer to the client is 508 when no other port can be had either
    }
  }

  private Optional<Claim> claim(RelayPorts ports, Parity parity) {
    return switch (parity) {
      case ANY -> ports.claim(random);
      case EVEN -> ports.claimEven(random);
      case EVEN_AND_RESERVE_NEXT -> ports.claimEvenBelowFree(random);
    };
  }
}
