"""What a peer of the tests sends, and how it counts what it receives: aiortc's tracks."""

import math

import numpy
from aiortc import VideoStreamTrack
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError
from av import AudioFrame, VideoFrame


class Tone(AudioStreamTrack):
    """440 Hz, so that the other side can tell sound from silence."""

    position = 0

    async def recv(self):
        frame = await super().recv()
        count = frame.samples
        phase = 2 * math.pi * 440 / frame.sample_rate
        samples = numpy.sin(phase * (self.position + numpy.arange(count))) * 10000
        self.position += count
        tone = AudioFrame.from_ndarray(samples.astype(numpy.int16).reshape(1, -1), format="s16", layout="mono")
        tone.pts, tone.sample_rate, tone.time_base = frame.pts, frame.sample_rate, frame.time_base
        return tone


class MovingPicture(VideoStreamTrack):
    """A picture that changes with each frame."""

    count = 0

    async def recv(self):
        pts, time_base = await self.next_timestamp()
        pixels = numpy.full((240, 320, 3), self.count % 256, dtype=numpy.uint8)
        self.count += 1
        frame = VideoFrame.from_ndarray(pixels, format="rgb24")
        frame.pts, frame.time_base = pts, time_base
        return frame


class Received:
    """Counts what is decoded, and how loud it is."""

    def __init__(self):
        self.audio_frames = self.video_frames = 0
        self.loudest = 0.0

    async def consume(self, track):
        try:
            while True:
                frame = await track.recv()
                if track.kind == "audio":
                    self.audio_frames += 1
                    samples = frame.to_ndarray().astype(numpy.float64)
                    self.loudest = max(self.loudest, float(numpy.sqrt(numpy.mean(samples**2))))
                else:
                    self.video_frames += 1
        except MediaStreamError:
            return
