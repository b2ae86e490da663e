package dev.sotto.benchmarks.micro;

import dev.sotto.media.srtp.SrtpMasterKey;
import dev.sotto.media.srtp.SrtpProfile;
import java.util.Arrays;
import java.util.Random;

/**
 * One stream of SRTP from its sender to its receiver, with the packets that are on their way
 * between the two. Packets stand in places, whose memory is of the kind that the implementation
 * works on. Whatever is done to a packet is done where it stands.
 */
interface SrtpFlow extends AutoCloseable {

  /** Packets that can be on their way. */
  int PLACES = 64;

  /** A master key and the salt behind it, the same at every start. */
  static byte[] keyAndSalt(SrtpProfile profile) {
    byte[] bytes = new byte[profile.keyBytes() + profile.saltBytes()];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  /** The same for Sotto. */
  static SrtpMasterKey masterKey(SrtpProfile profile) {
    byte[] bytes = keyAndSalt(profile);
    return new SrtpMasterKey(
        Arrays.copyOf(bytes, profile.keyBytes()),
        Arrays.copyOfRange(bytes, profile.keyBytes(), bytes.length));
  }

  /**
   * Makes the next packet of the stream in the first place and protects it there.
   *
   * @return its new length
   */
  int protectNext();

  /** Puts the next packets of the stream, protected, into all places; no heap is used for it. */
  void sendAll();

  /**
   * Verifies and decrypts the packet in a place.
   *
   * @return its new length
   */
  int receive(int place);

  @Override
  void close();
}
