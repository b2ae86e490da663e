package dev.sotto.benchmarks.micro;

import dev.sotto.media.dd.DependencyDescriptor;
import dev.sotto.media.dd.DependencyDescriptorReader;
import dev.sotto.media.dd.DescriptorResult;
import dev.sotto.media.wire.Wire;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Reading the Dependency Descriptor of a packet that Chromium sent, VP9 with L3T3_KEY. */
@State(Scope.Thread)
public class DescriptorBenchmark {

  private static final int TEMPLATES = 64;

  /** More than a reader keeps, which are two. */
  private static final int STRUCTURES = 3;

  private final MemorySegment plain = Chromium.bytes(Arena.ofAuto(), Chromium.PLAIN_DESCRIPTOR);
  private final MemorySegment[] structures = new MemorySegment[STRUCTURES];
  private final DependencyDescriptorReader reader = new DependencyDescriptorReader();
  private final DependencyDescriptor descriptor = new DependencyDescriptor();
  private int frame;

  @Setup
  public void learnStructure() {
    for (int i = 0; i < STRUCTURES; i++) {
      structures[i] = Chromium.bytes(Arena.ofAuto(), Chromium.STRUCTURE_DESCRIPTOR);
      // Its templates count from another number on, so it is another structure.
      int first = i * TEMPLATES / STRUCTURES;
      Wire.putU8(structures[i], 0, (Wire.u8(structures[i], 0) & 0xc0) | first);
      Wire.putU8(structures[i], 3, Wire.u8(structures[i], 3) | (first >> 3));
      Wire.putU8(structures[i], 4, Wire.u8(structures[i], 4) | ((first & 7) << 5));
    }
    var _ = readKnownStructure();
  }

  private int read(MemorySegment bytes) {
    Wire.putU16(bytes, 1, ++frame);
    DescriptorResult result = reader.read(bytes, 0, (int) bytes.byteSize(), descriptor);
    if (result != DescriptorResult.PARSED) {
      throw new IllegalStateException("a descriptor was not read: " + result);
    }
    return descriptor.spatialId() + descriptor.fdiffCount();
  }

  /** What most packets have: three bytes, and the structure that was sent before. */
  @Benchmark
  public int readWithoutStructure() {
    return read(plain);
  }

  /** A key frame repeats its structure. */
  @Benchmark
  public int readKnownStructure() {
    return read(structures[0]);
  }

  /** An encoder that changes what it sends: read in full, and kept. */
  @Benchmark
  public int readNewStructure() {
    return read(structures[Math.floorMod(frame, STRUCTURES)]);
  }
}
