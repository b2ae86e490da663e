package dev.sotto.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The README's commands, on a clone that nothing was built in. */
final class ReadmeIT {

  @Test
  void everyCommandOfTheReadmeWorksOnAFreshClone() throws Exception {
    Process script =
        new ProcessBuilder(
                IndependentPeer.PYTHON.toString(),
                SottoProcess.checkout().resolve("config/src/test/python/run_readme.py").toString(),
                "--without",
                "./sotto test") // this test is a part of it
            .redirectErrorStream(true)
            .start();
    String output = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(script.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(script.exitValue()).as(output).isZero();
    assertThat(output).contains("3 blocks ran");
  }
}
