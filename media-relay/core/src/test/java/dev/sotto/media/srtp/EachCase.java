package dev.sotto.media.srtp;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A test class that runs once for each profile with each implementation. */
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass
@MethodSource("dev.sotto.media.srtp.EachCase$Cases#all")
@interface EachCase {
  /** Where the arguments come from. */
  final class Cases {
    private Cases() {}

    static Stream<Arguments> all() {
      return Arrays.stream(SrtpProfile.values())
          .flatMap(profile ->
              Stream.of(SrtpProvider.LIBCRYPTO, SrtpProvider.JDK)
                  .map(provider -> Arguments.of(profile, provider)));
    }
  }
}
