export type MediaErrorCode = 'blocked' | 'no-microphone' | 'no-camera' | 'in-use' | 'unsupported' | 'unknown';

/** The microphone or camera could not be had; `code` says why in terms that a page can explain. */
export class MediaError extends Error {
  override readonly name = 'MediaError';

  constructor(
    readonly code: MediaErrorCode,
    options?: ErrorOptions,
  ) {
    super(code, options);
  }

  static from(error: unknown, device: 'microphone' | 'camera'): MediaError {
    const name = error instanceof Error ? error.name : '';
    switch (name) {
      case 'NotAllowedError':
      case 'SecurityError': return new MediaError('blocked', { cause: error });
      case 'NotFoundError':
      case 'OverconstrainedError': return new MediaError(`no-${device}`, { cause: error });
      case 'NotReadableError':
      case 'AbortError': return new MediaError('in-use', { cause: error });
      default: return new MediaError('unknown', { cause: error });
    }
  }
}

export type GetUserMedia = (constraints: MediaStreamConstraints) => Promise<MediaStream>;

const AUDIO: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const VIDEO: MediaTrackConstraints = {
  width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, facingMode: 'user',
};

/**
 * This side's microphone and camera. A missing camera does not stop a call (`cameraError` says why there is none);
 * a missing microphone does. Muting keeps the microphone open; the camera is released when it is off.
 */
export class LocalMedia {
  cameraError: MediaError | undefined;
  private closed = false;

  private constructor(
    readonly stream: MediaStream,
    private readonly getUserMedia: GetUserMedia,
  ) {}

  static async open(wanted: { readonly video: boolean }, getUserMedia: GetUserMedia): Promise<LocalMedia> {
    let cameraError: MediaError | undefined;
    if (wanted.video) {
      try {
        // One request, so that a browser asks once for both.
        return new LocalMedia(await getUserMedia({ audio: AUDIO, video: VIDEO }), getUserMedia);
      } catch (error) {
        cameraError = MediaError.from(error, 'camera');
      }
    }
    try {
      const media = new LocalMedia(await getUserMedia({ audio: AUDIO }), getUserMedia);
      media.cameraError = cameraError;
      return media;
    } catch (error) {
      throw MediaError.from(error, 'microphone');
    }
  }

  get audioTrack(): MediaStreamTrack | undefined {
    return this.stream.getAudioTracks()[0];
  }

  get videoTrack(): MediaStreamTrack | undefined {
    return this.stream.getVideoTracks()[0];
  }

  setMuted(muted: boolean): void {
    for (const track of this.stream.getAudioTracks()) track.enabled = !muted;
  }

  async openCamera(): Promise<MediaStreamTrack> {
    try {
      const [track] = (await this.getUserMedia({ video: VIDEO })).getVideoTracks();
      if (!track) throw new MediaError('no-camera');
      // The call may have ended while the browser asked.
      if (this.closed) track.stop();
      this.stream.addTrack(track);
      this.cameraError = undefined;
      return track;
    } catch (error) {
      this.cameraError = error instanceof MediaError ? error : MediaError.from(error, 'camera');
      throw this.cameraError;
    }
  }

  closeCamera(): void {
    for (const track of this.stream.getVideoTracks()) {
      track.stop();
      this.stream.removeTrack(track);
    }
  }

  close(): void {
    this.closed = true;
    for (const track of this.stream.getTracks()) track.stop();
  }
}
