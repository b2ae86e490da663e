package dev.sotto.media.selection.testkit;

import dev.sotto.media.selection.SlotKind;
import dev.sotto.media.selection.SlotProjection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Sources, a network before the relay, and one receiver, in virtual time: pictures 30 times a
 * second, packets that are lost, repaired, overtaken and doubled, key frames that come a round trip
 * after they are asked for.
 */
public final class Scenario {
  /** What the network before the relay does, in percent of packets. */
  public record Network(int lossPercent, int reorderPercent, int duplicatePercent) {
    public static final Network CLEAN = new Network(0, 0, 0);
    public static final Network ROUGH = new Network(10, 10, 3);
  }

  private record Arrival(long nanos, int order, TracePacket packet) {}

  private static final long MILLI = 1_000_000L;
  private static final long PICTURE = 33 * MILLI;

  public final Receiver receiver;
  public final Truth truth = new Truth();
  public final List<LayeredEncoder> encoders = new ArrayList<>();

  private final Random random;
  private final List<String> modes;
  private final int[] sources;
  private Network network;
  private final PriorityQueue<Arrival> arrivals =
      new PriorityQueue<>(
          Comparator.comparingLong(Arrival::nanos).thenComparingInt(Arrival::order));
  private int order;
  private long now = 1_000_000_000L;
  private long lastNack;
  private final long[] keyFrameDue;
  private int occupant;

  /** Each source has the encodings that the modes name. */
  public Scenario(Random random, Network network, int sourceCount, List<String> modes) {
    this.random = random;
    this.network = network;
    this.modes = modes;
    sources = new int[sourceCount];
    for (int source = 0; source < sourceCount; source++) {
      for (int encoding = 0; encoding < modes.size(); encoding++) {
        encoders.add(
            new LayeredEncoder(
                random, source, encoding, modes.get(encoding), 600 * (1 << encoding)));
      }
    }
    keyFrameDue = new long[encoders.size()];
    receiver = new Receiver(SlotKind.VIDEO, random.nextInt(32768));
    occupy(0);
  }

  public long now() {
    return now;
  }

  public void setNetwork(Network changed) {
    network = changed;
  }

  public void occupy(int source) {
    nack();
    occupant = source;
    receiver.occupy(source, now);
  }

  public void pause() {
    nack();
    receiver.pause(now);
  }

  public LayeredEncoder encoder(int encoding) {
    return encoders.get(occupant * modes.size() + encoding);
  }

  public int sourceCount() {
    return sources.length;
  }

  /** Runs for so many pictures. */
  public Scenario run(int pictures) {
    for (int picture = 0; picture < pictures; picture++) {
      for (int i = 0; i < encoders.size(); i++) {
        if (keyFrameDue[i] != 0 && keyFrameDue[i] <= now) {
          encoders.get(i).wantKeyFrame();
          keyFrameDue[i] = 0;
        }
        long leaves = now + 5 * MILLI;
        for (TracePacket packet : encoders.get(i).picture(now)) {
          truth.sent(packet);
          leaves += MILLI / 5;
          send(packet, leaves);
        }
      }
      now += PICTURE;
      deliver();
      int wanted = receiver.slot.keyFrameWanted(now);
      if (wanted != SlotProjection.NOTHING) {
        int encoder = occupant * modes.size() + wanted;
        if (keyFrameDue[encoder] == 0) {
          keyFrameDue[encoder] = now + 50 * MILLI;
        }
      }
    }
    return this;
  }

  /** Lets what is on the way arrive, and the receiver ask for what is missing. */
  public Oracle finish() {
    now += 1000 * MILLI;
    deliver();
    nack();
    receiver.missed.forEach(truth::missed);
    return new Oracle(receiver, truth);
  }

  private void send(TracePacket packet, long leaves) {
    boolean overtaken = random.nextInt(100) < network.reorderPercent;
    long arrives = leaves + (overtaken ? random.nextInt(20) * MILLI : 0);
    if (random.nextInt(100) < network.lossPercent) {
      if (random.nextInt(100) < 15) {
        truth.lost(packet);
        return;
      }
      arrives = leaves + (60 + random.nextInt(140)) * MILLI;
    }
    arrivals.add(new Arrival(arrives, order++, packet));
    if (random.nextInt(100) < network.duplicatePercent) {
      arrivals.add(new Arrival(arrives + random.nextInt(30) * MILLI, order++, packet));
    }
  }

  private void deliver() {
    while (!arrivals.isEmpty() && arrivals.peek().nanos() <= now) {
      Arrival arrival = arrivals.poll();
      receiver.onPacket(arrival.packet(), arrival.nanos());
      if (arrival.nanos() - lastNack > 20 * MILLI) {
        lastNack = arrival.nanos();
        nack();
      }
    }
  }

  private void nack() {
    if (receiver.sent.isEmpty()) {
      return;
    }
    long last = receiver.sent.lastKey();
    for (long index = Math.max(receiver.sent.firstKey(), last - 200); index <= last; index++) {
      if (!receiver.sent.containsKey(index) && !receiver.filled.containsKey(index)) {
        receiver.onNack(index, now);
      }
    }
    long again = last - random.nextInt(20);
    Receiver.Sent before = receiver.sent.get(again);
    // Of the last round trips: the structures of that time are still known.
    if (before != null && now - before.packet().captureNanos() < 300 * MILLI) {
      receiver.onNack(again, now);
    }
  }
}
