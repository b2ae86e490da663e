package dev.sotto.config.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The arrows between modules, and what the media core and the servers must not contain. Each rule
 * is also run against classes that break it, so that a rule which can no longer fail is noticed.
 */
class ArchitectureTest {

  private static final String[] SERVERS = {
    "dev.sotto.signalling..", "dev.sotto.turn..", "dev.sotto.relay..", "dev.sotto.config.."
  };

  /**
   * A rule and the names of test classes that break it, each alone.
   *
   * @param violations below {@code dev.sotto}, such as {@code turn.violation.UsesSignalling}
   */
  record Rule(ArchRule rule, List<String> violations) {
    @Override
    public String toString() {
      return rule.getDescription();
    }
  }

  private static JavaClasses production;

  @BeforeAll
  static void importClasses() {
    // The client and the benchmarks are not on this module's classpath, and must not be.
    production =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPaths(
                Stream.of(
                        "../signalling",
                        "../turn",
                        "../media-relay/core",
                        "../media-relay/server",
                        "../client/java",
                        ".")
                    .map(module -> Path.of(module, "target", "classes"))
                    .filter(Files::isDirectory)
                    .toList());
  }

  static Stream<Rule> rules() {
    return Stream.of(
        imports(
            "signalling",
            List.of(),
            "signalling.violation.UsesTurn",
            "signalling.violation.UsesConfig"),
        imports("turn", List.of(), "turn.violation.UsesSignalling"),
        imports("media", List.of(), "media.violation.UsesRelay"),
        imports("relay", List.of("media"), "relay.violation.UsesTurn"),
        imports("client", List.of("media"), "client.violation.UsesSignalling"),
        imports(
            "config",
            List.of("signalling", "turn", "relay"),
            "config.violation.UsesClient",
            "config.violation.UsesBenchmarks"),
        pureMediaCore(),
        mediaCoreIsToldTheTime(),
        serversWithoutFrameKeys(),
        serversNameNoFrameKeys());
  }

  @ParameterizedTest
  @MethodSource("rules")
  void holdsForTheProduct(Rule rule) {
    rule.rule().check(production);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void isBrokenByEachClassThatBreaksIt(Rule rule) throws ClassNotFoundException {
    assertThat(rule.violations()).isNotEmpty();
    for (String name : rule.violations()) {
      JavaClasses violating =
          new ClassFileImporter().importClasses(Class.forName("dev.sotto." + name));

      assertThat(rule.rule().evaluate(violating).hasViolation()).as(name).isTrue();
    }
  }

  @Test
  void everyServerModuleIsLookedAt() {
    assertThat(
            production.stream()
                .map(c -> c.getPackageName().replaceFirst("dev\\.sotto\\.(\\w+).*", "$1")))
        .contains("signalling", "turn", "config");
  }

  private static Rule imports(String module, List<String> allowed, String... violations) {
    String[] reachable =
        Stream.concat(Stream.of(module), allowed.stream())
            .map(name -> "dev.sotto." + name + "..")
            .toArray(String[]::new);
    return new Rule(
        noClasses()
            .that()
            .resideInAPackage("dev.sotto." + module + "..")
            .should()
            .dependOnClassesThat(
                resideInAPackage("dev.sotto..").and(not(resideInAnyPackage(reachable))))
            .as(module + " imports of Sotto only itself and " + allowed)
            .allowEmptyShould(true),
        List.of(violations));
  }

  private static Rule pureMediaCore() {
    return new Rule(
        noClasses()
            .that()
            .resideInAPackage("dev.sotto.media..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..", "java.nio.channels..", "java.util.concurrent")
            .orShould()
            .dependOnClassesThat()
            .haveNameMatching(
                "java\\.net\\.(?!(Inet[46]?Address|InetSocketAddress|UnknownHostException|URI)$).*"
                    + "|java\\.lang\\.Thread(Local)?")
            .as("the media core has no Netty, sockets or threads")
            .allowEmptyShould(true),
        List.of(
            "media.violation.OpensSocket",
            "media.violation.UsesNetty",
            "media.violation.StartsThread"));
  }

  private static Rule mediaCoreIsToldTheTime() {
    return new Rule(
        noClasses()
            .that()
            .resideInAPackage("dev.sotto.media..")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .as("the media core is told the time")
            .allowEmptyShould(true),
        List.of("media.violation.ReadsClock"));
  }

  private static Rule serversWithoutFrameKeys() {
    return new Rule(
        noClasses()
            .that()
            .resideInAnyPackage(SERVERS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bouncycastle.mls..", "dev.sotto.client..")
            .as("no server depends on MLS or on the client's encryption"),
        List.of("relay.violation.UsesBouncyCastleMls", "config.violation.UsesClient"));
  }

  private static Rule serversNameNoFrameKeys() {
    return new Rule(
        noClasses()
            .that()
            .resideInAnyPackage(SERVERS)
            .should()
            .haveNameMatching("(?i).*\\.[^.]*(s-?frame|mlsgroup|mlskey|framekey)[^.]*")
            .as("no server has a class about SFrame, MLS groups or frame keys"),
        List.of("turn.violation.SFrameKeys"));
  }
}
