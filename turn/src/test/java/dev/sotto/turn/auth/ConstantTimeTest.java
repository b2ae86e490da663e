package dev.sotto.turn.auth;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.sotto.turn.stun.MessageIntegrity;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A comparison that stops at the first byte that differs tells an attacker by its time how much of
 * a guess was right. So neither package has any comparison of bytes or texts but {@link
 * MessageDigest#isEqual}.
 */
@DisplayName("Nonces and integrity are compared in constant time")
class ConstantTimeTest {
  private static final ArchRule NO_OTHER_COMPARISON =
      noClasses()
          .that()
          .resideInAnyPackage("dev.sotto.turn.auth..", "dev.sotto.turn.stun..")
          .should()
          .callMethodWhere(
              target(
                      nameMatching(
                          "equals|deepEquals|contentEquals|equalsIgnoreCase|compare.*|mismatch"
                              + "|regionMatches"))
                  .and(target(owner(holdsBytesOrText()))));

  private static JavaClasses production;

  @BeforeAll
  static void importClasses() {
    Path root = Path.of("target", "classes", "dev", "sotto", "turn");
    production = new ClassFileImporter().importPaths(root.resolve("auth"), root.resolve("stun"));
  }

  @Test
  void what_checks_nonces_and_integrity_compares_by_nothing_else() {
    NO_OTHER_COMPARISON.check(production);
  }

  @Test
  void nonces_and_integrity_are_compared_by_message_digest() {
    classes()
        .that()
        .areAssignableTo(Nonces.class)
        .or()
        .areAssignableTo(MessageIntegrity.class)
        .should()
        .callMethod(MessageDigest.class, "isEqual", byte[].class, byte[].class)
        .check(production);
  }

  @ParameterizedTest
  @ValueSource(classes = {ByArrays.class, ByBuffer.class, ByNettysBuffer.class, ByText.class})
  void the_rule_is_broken_by_each_class_that_compares_otherwise(Class<?> violation) {
    JavaClasses violating = new ClassFileImporter().importClasses(violation);

    assertThat(NO_OTHER_COMPARISON.evaluate(violating).hasViolation()).isTrue();
  }

  private static DescribedPredicate<JavaClass> holdsBytesOrText() {
    return belongToAnyOf(
        Arrays.class,
        Objects.class,
        ByteBuffer.class,
        ByteBuf.class,
        ByteBufUtil.class,
        String.class,
        Object.class);
  }

  static final class ByArrays {
    boolean isRight(byte[] mac, byte[] expected) {
      return Arrays.equals(mac, expected);
    }
  }

  static final class ByBuffer {
    boolean isRight(ByteBuffer mac, ByteBuffer expected) {
      return mac.compareTo(expected) == 0;
    }
  }

  static final class ByNettysBuffer {
    boolean isRight(ByteBuf mac, ByteBuf expected) {
      return ByteBufUtil.equals(mac, expected);
    }
  }

  static final class ByText {
    boolean isRight(String mac, String expected) {
      return mac.equals(expected);
    }
  }
}
