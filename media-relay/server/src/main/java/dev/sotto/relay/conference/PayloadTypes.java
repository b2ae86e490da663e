package dev.sotto.relay.conference;

import dev.sotto.relay.control.MediaDescription;
import dev.sotto.relay.control.MediaKind;
import dev.sotto.relay.control.PayloadType;
import java.util.Arrays;
import java.util.Collection;

/**
 * What one endpoint's payload type numbers mean, and which numbers it knows formats by. Asked for
 * each packet.
 */
final class PayloadTypes {
  static final int NONE = -1;
  private static final int NUMBERS = 128;
  private static final int AUDIO_CLOCK_HZ = 48_000;
  private static final int VIDEO_CLOCK_HZ = 90_000;

  private final int[] codecs = new int[NUMBERS];
  private final MediaKind[] kinds = new MediaKind[NUMBERS];
  private final int[] clockRates = new int[NUMBERS];
  private final int[] originals = new int[NUMBERS];
  private final int[] retransmissions = new int[NUMBERS];
  private int[] byCodec = new int[0];
  private boolean transportFeedback;
  private boolean receiverEstimate;
  private boolean pictureLoss;
  private boolean fullIntra;

  PayloadTypes(Collection<MediaDescription> media, Codecs registry) {
    Arrays.fill(codecs, NONE);
    Arrays.fill(originals, NONE);
    Arrays.fill(retransmissions, NONE);
    for (MediaDescription description : media) {
      for (PayloadType type : description.payloadTypes()) {
        add(description.kind(), type, registry);
      }
    }
  }

  private void add(MediaKind kind, PayloadType type, Codecs registry) {
    int number = type.number();
    clockRates[number] =
        type.clockRateHz() > 0
            ? type.clockRateHz()
            : kind == MediaKind.AUDIO ? AUDIO_CLOCK_HZ : VIDEO_CLOCK_HZ;
    if (type.name().equalsIgnoreCase("rtx")) {
      int original = original(type);
      if (original != NONE) {
        originals[number] = original;
        retransmissions[original] = number;
      }
      return;
    }
    int codec = registry.numberOf(kind, type);
    codecs[number] = codec;
    kinds[number] = kind;
    if (codec >= byCodec.length) {
      int known = byCodec.length;
      byCodec = Arrays.copyOf(byCodec, codec + 1);
      Arrays.fill(byCodec, known, byCodec.length, NONE);
    }
    if (byCodec[codec] == NONE) {
      byCodec[codec] = number;
    }
    type.feedback()
        .forEach(feedback -> {
          String detail = feedback.subtype().orElse("");
          switch (feedback.type()) {
            case "transport-cc" -> transportFeedback = true;
            case "goog-remb" -> receiverEstimate = true;
            case "nack" -> pictureLoss |= detail.equals("pli");
            case "ccm" -> fullIntra |= detail.equals("fir");
            default -> {
              // of no use to a relay
            }
          }
        });
  }

  private static int original(PayloadType rtx) {
    try {
      int number = Integer.parseInt(rtx.parameters().getOrDefault("apt", ""));
      return number >= 0 && number < NUMBERS ? number : NONE;
    } catch (NumberFormatException _) {
      return NONE;
    }
  }

  /** The format that a number stands for, or {@link #NONE}. */
  int codec(int payloadType) {
    return codecs[payloadType];
  }

  /** Of a number that stands for a format. */
  MediaKind kind(int payloadType) {
    return kinds[payloadType];
  }

  int clockRateHz(int payloadType) {
    return clockRates[payloadType];
  }

  /** The number that this endpoint knows a format by, or {@link #NONE}. */
  int ofCodec(int codec) {
    return codec >= 0 && codec < byCodec.length ? byCodec[codec] : NONE;
  }

  /** The payload type whose packets a number resends (RFC 4588 section 8.1), or {@link #NONE}. */
  int originalOf(int payloadType) {
    return originals[payloadType];
  }

  /** The number for resending packets of a payload type, or {@link #NONE}. */
  int retransmissionOf(int payloadType) {
    return retransmissions[payloadType];
  }

  /** A number for resending whatever, for packets of padding only; or {@link #NONE}. */
  int anyRetransmission() {
    for (int retransmission : retransmissions) {
      if (retransmission != NONE) {
        return retransmission;
      }
    }
    return NONE;
  }

  boolean hasTransportFeedback() {
    return transportFeedback;
  }

  boolean hasReceiverEstimate() {
    return receiverEstimate;
  }

  /** Whether key frames are to be asked for by FIR, since PLI is not understood. */
  boolean prefersFullIntra() {
    return fullIntra && !pictureLoss;
  }
}
