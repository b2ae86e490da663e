package dev.sotto.relay.conference;

import dev.sotto.media.bandwidth.GoogleCongestionControl;
import dev.sotto.media.bandwidth.TransportSequence;
import dev.sotto.media.loss.RetransmissionCache;
import dev.sotto.media.pacing.SegmentRuns;
import dev.sotto.media.rtp.AbsSendTime;
import dev.sotto.media.rtp.RtpPacket;
import dev.sotto.media.wire.Wire;
import dev.sotto.relay.statistics.Counter;
import dev.sotto.relay.statistics.Counters;
import dev.sotto.relay.statistics.DropReason;
import dev.sotto.relay.transport.EndpointTransport;
import dev.sotto.relay.transport.PacketSink;
import java.lang.foreign.MemorySegment;

/**
 * Those packets of one receiver whose turn has come together: each gets its transport-wide number
 * and time, is put together with its payload, encrypted and sent. Where the kernel cuts messages
 * they are made of one length, so that few messages hold them. Allocates nothing per packet.
 */
final class Departures {
  /** What the path carries besides: an IPv4 and a UDP header. */
  static final int PATH_OVERHEAD_BYTES = 28;

  /** As many as one message can hold. */
  private static final int MOST = 64;

  private final Endpoint owner;
  private final PacketPool pool;
  private final Counters counters;
  private final GoogleCongestionControl congestion;
  private final TransportSequence sequence;
  private final int[] entries = new int[MOST];
  private final int[] probeClusters = new int[MOST];
  private final int[] lengths = new int[MOST];

  /** Padding that each gets to be as long as those before and behind it. */
  private final int[] evening = new int[MOST];

  private int count;

  Departures(Endpoint owner, GoogleCongestionControl congestion, ConferenceContext context) {
    this.owner = owner;
    this.congestion = congestion;
    pool = context.packets();
    counters = context.counters();
    sequence = new TransportSequence(context.random().nextInt());
  }

  /** One more; it is released when it has left. */
  void add(int entry, int probeCluster, long nowNanos) {
    if (count == MOST) {
      leave(nowNanos);
    }
    entries[count] = entry;
    probeClusters[count] = probeCluster;
    lengths[count] = pool.length(entry);
    count++;
  }

  /** All that were added are sent. */
  void leave(long nowNanos) {
    boolean runs = owner.transport().sendsRuns();
    if (runs) {
      SegmentRuns.pad(lengths, count, evening);
    }
    for (int i = 0; i < count; i++) {
      send(entries[i], runs ? evening[i] : 0, nowNanos, probeClusters[i]);
      pool.release(entries[i]);
    }
    count = 0;
  }

  private void send(int entry, int evenedBy, long nowNanos, int probeCluster) {
    EndpointTransport transport = owner.transport();
    if (!transport.isWritable(nowNanos)) {
      counters.drop(DropReason.RECEIVER_UNREACHABLE);
      return;
    }
    int payload = pool.payloadLength[entry];
    RetransmissionCache ring = payload > 0 ? pool.stream[entry].packets() : null;
    if (ring != null && !ring.find(pool.sourceSequence[entry], nowNanos)) {
      counters.drop(DropReason.OVERWRITTEN);
      return;
    }
    // Padding tells its own length in a byte: what is nothing but padding may have no room for
    // more.
    int padding = ring == null ? 0 : evenedBy;
    int total = pool.length(entry) + padding;
    long place = transport.reserve(total);
    if (place == PacketSink.NO_ROOM) {
      return;
    }
    MemorySegment target = transport.sendSegment();
    pool.copyHeader(entry, target, place);
    boolean numbered = pool.transportSequenceAt[entry] != PacketPool.NOT_WRITTEN;
    int number = numbered ? sequence.assign() : 0;
    if (numbered) {
      Wire.putU16(target, place + pool.transportSequenceAt[entry], number);
    }
    if (pool.sendTimeAt[entry] != PacketPool.NOT_WRITTEN) {
      Wire.putU24(target, place + pool.sendTimeAt[entry], AbsSendTime.ofNanos(nowNanos));
    }
    int sent;
    if (ring != null && padding == 0 && !pool.isRetransmission(entry)) {
      long from = ring.offset() + pool.payloadOffset[entry];
      sent = transport.sendRtp(total, ring.segment(), from);
    } else {
      put(entry, ring, padding, target, place);
      sent = transport.sendRtp(total);
    }
    if (sent > 0) {
      onSent(entry, sent, numbered, number, nowNanos, probeCluster);
    }
  }

  /** All behind the header. */
  private void put(
      int entry, RetransmissionCache ring, int evenedBy, MemorySegment target, long packet) {
    long place = packet + pool.headerLength[entry];
    if (pool.isRetransmission(entry)) {
      Wire.putU16(target, place, pool.originalSequence[entry]);
      place += PacketPool.ORIGINAL_NUMBER_BYTES;
    }
    if (ring != null) {
      long from = ring.offset() + pool.payloadOffset[entry];
      Wire.copy(ring.segment(), from, target, place, pool.payloadLength[entry]);
      place += pool.payloadLength[entry];
    }
    int padding = pool.paddingLength[entry] + evenedBy;
    if (padding > 0) {
      Wire.clear(target, place, padding - 1);
      Wire.putU8(target, place + padding - 1, padding);
      RtpPacket.setPadding(target, packet);
    }
  }

  private void onSent(
      int entry, int bytes, boolean numbered, int number, long nowNanos, int probeCluster) {
    if (numbered) {
      congestion.onPacketSent(number, bytes + PATH_OVERHEAD_BYTES, nowNanos, probeCluster);
    }
    if (pool.paddingLength[entry] > 0) {
      counters.increment(Counter.PADDING_SENT);
    } else if (pool.isRetransmission(entry)) {
      counters.increment(Counter.RETRANSMISSIONS_SENT);
    } else {
      counters.increment(Counter.RTP_PACKETS_FORWARDED);
      pool.slot[entry].onSent(pool.payloadLength[entry]);
    }
  }
}
