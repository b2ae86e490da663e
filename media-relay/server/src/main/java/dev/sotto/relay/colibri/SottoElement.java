package dev.sotto.relay.colibri;

import org.jitsi.xmpp.extensions.AbstractPacketExtension;

/**
 * An element that Sotto adds to COLIBRI2, for what the latter has no word for. In JSON the same
 * names are keys.
 */
public final class SottoElement extends AbstractPacketExtension {
  public static final String NAMESPACE = "urn:sotto:colibri:0";

  /** In an endpoint: the streams that it receives, whoever is in them. */
  static final String RECEIVE_SLOTS = "receive-slots";

  static final String SLOT = "slot";
  static final String TYPE = "type";
  static final String SSRC = "ssrc";
  static final String RTX_SSRC = "rtx-ssrc";

  /** In an endpoint: what it wants to receive. */
  static final String CONSTRAINTS = "constraints";

  static final String LAST_N = "last-n";
  static final String AUDIO_LAST_N = "audio-last-n";
  static final String MAX_HEIGHT = "max-height";
  static final String SOURCE = "source";
  static final String ID = "id";
  static final String PINNED = "pinned";

  /** In a media source: the media section that carries it. */
  static final String MID = "mid";

  /** In an error: the name of a {@link dev.sotto.relay.control.ErrorCode}. */
  static final String CODE = "code";

  /** An attribute of COLIBRI2's transport that Jitsi's newer bridges have. */
  static final String ICE_RESTART = "ice-restart";

  public SottoElement(String name) {
    super(NAMESPACE, name);
  }

  SottoElement(String name, String text) {
    this(name);
    setText(text);
  }
}
