package dev.sotto.media.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class WireTest {
  private final MemorySegment memory = Arena.ofAuto().allocate(16);

  @Test
  void integers_are_big_endian_unsigned_and_unaligned() {
    Wire.putU8(memory, 0, 0xfe);
    Wire.putU16(memory, 1, 0xfedc);
    Wire.putU24(memory, 3, 0xfedcba);
    Wire.putU32(memory, 6, 0xfedcba98L);

    assertThat(Wire.u8(memory, 0)).isEqualTo(0xfe);
    assertThat(Wire.u16(memory, 1)).isEqualTo(0xfedc);
    assertThat(Wire.u24(memory, 3)).isEqualTo(0xfedcba);
    assertThat(Wire.u32(memory, 6)).isEqualTo(0xfedcba98L);
    assertThat(Wire.i32(memory, 6)).isEqualTo(0xfedcba98);
    assertThat(Wire.i64(memory, 0)).isEqualTo(0xfefe_dcfe_dcba_fedcL);
  }

  @Test
  void what_is_cleared_is_zero_and_what_is_beside_it_stays() {
    Wire.putI64(memory, 0, -1);

    Wire.clear(memory, 2, 4);

    assertThat(Wire.i64(memory, 0)).isEqualTo(0xffff_0000_0000_ffffL);
  }

  @Test
  void copies_may_overlap() {
    Wire.putI64(memory, 0, 0x0102_0304_0506_0708L);

    Wire.copy(memory, 0, memory, 1, 8);

    assertThat(Wire.i64(memory, 1)).isEqualTo(0x0102_0304_0506_0708L);
  }

  @Test
  void nothing_outside_of_the_segment_is_reached() {
    assertThatThrownBy(() -> Wire.u16(memory, 15)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
