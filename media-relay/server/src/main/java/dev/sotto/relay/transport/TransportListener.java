package dev.sotto.relay.transport;

import dev.sotto.media.dtls.DtlsFailure;
import java.lang.foreign.MemorySegment;

/** What an endpoint's transport tells the endpoint, on the event loop. */
public interface TransportListener {
  /** A decrypted RTP packet, good until the call returns. */
  void onRtp(MemorySegment segment, long offset, int length, long nowNanos);

  /** A decrypted RTCP compound, good until the call returns. */
  void onRtcp(MemorySegment segment, long offset, int length, long nowNanos);

  /** Media can be sent: for the first time, or again after consent was lost or keys were new. */
  void onWritable(long nowNanos);

  /** DTLS has failed or was ended by the endpoint. */
  void onFailed(DtlsFailure failure);
}
