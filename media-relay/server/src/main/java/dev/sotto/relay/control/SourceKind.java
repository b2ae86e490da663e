package dev.sotto.relay.control;

/** What a source shows; screens are preferred when a link is narrow. */
public enum SourceKind {
  AUDIO(MediaKind.AUDIO),
  CAMERA(MediaKind.VIDEO),
  SCREEN(MediaKind.VIDEO);

  private final MediaKind media;

  SourceKind(MediaKind media) {
    this.media = media;
  }

  public MediaKind media() {
    return media;
  }
}
