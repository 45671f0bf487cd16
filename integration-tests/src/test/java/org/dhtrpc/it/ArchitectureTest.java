package org.dhtrpc.it;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dhtrpc.spi.Codec;
import org.dhtrpc.spi.EventLoop;
import org.dhtrpc.spi.HolePuncher;
import org.dhtrpc.spi.Transport;
import org.junit.jupiter.api.Test;

/** The arrows between modules and packages, and the words, that the design draws. */
class ArchitectureTest {
    private static final String[] API = {"org.dhtrpc", "org.dhtrpc.message", "org.dhtrpc.spi"};
    private static final String ROUTING = "org.dhtrpc.routing..";
    private static final String NODE = "org.dhtrpc.node..";

    private static final Set<String> CLOCKS_AND_CHANCE = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.lang.System.identityHashCode",
            "java.lang.Math.random",
            "java.util.Random.<init>",
            "java.util.UUID.randomUUID");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.dhtrpc");

    @Test
    void every_module_of_the_library_is_looked_at() {
        Set<String> packages = CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
        assertThat(packages)
                .contains(API)
                .contains(
                        "org.dhtrpc.routing",
                        "org.dhtrpc.node",
                        "org.dhtrpc.testkit",
                        "org.dhtrpc.codec.msgpack",
                        "org.dhtrpc.transport.nio")
                .doesNotContain("org.dhtrpc.it");
    }

    @Test
    void the_api_sees_nothing_but_itself() {
        classes()
                .that()
                .resideInAnyPackage(API)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(API).or(jdkOrJspecify()))
                .check(CLASSES);
    }

    @Test
    void leaves_see_only_the_api_and_the_one_library_that_they_are_about() {
        leaf("org.dhtrpc.testkit..");
        leaf("org.dhtrpc.transport.nio..");
        leaf("org.dhtrpc.codec.msgpack..", "org.msgpack..");
    }

    private static void leaf(String leaf, String... library) {
        classes()
                .that()
                .resideInAPackage(leaf)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(API)
                        .or(resideInAPackage(leaf))
                        .or(resideInAnyPackage(library))
                        .or(jdkOrJspecify()))
                .check(CLASSES);
    }

    @Test
    void the_machine_and_the_node_see_no_leaf() {
        classes()
                .that()
                .resideInAnyPackage(ROUTING, NODE)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(API)
                        .or(resideInAnyPackage(ROUTING, NODE, "com.google.common..", "dagger..", "jakarta.inject.."))
                        .or(resideInAPackage("javax.annotation.processing"))
                        .or(jdkOrJspecify()))
                .check(CLASSES);
    }

    @Test
    void the_machine_has_no_clock_thread_socket_codec_logger_future_or_injector() {
        noClasses()
                .that()
                .resideInAPackage(ROUTING)
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                NODE,
                                "dagger..",
                                "jakarta.inject..",
                                "javax.inject..",
                                "java.net..",
                                "java.io..",
                                "java.nio.channels..",
                                "java.util.concurrent..",
                                "java.util.logging..",
                                "org.slf4j..")
                        .or(belongToAnyOf(
                                Thread.class,
                                ThreadLocal.class,
                                System.Logger.class,
                                Clock.class,
                                Instant.class,
                                Timer.class,
                                TimerTask.class,
                                SecureRandom.class,
                                Transport.class,
                                EventLoop.class,
                                Codec.class,
                                HolePuncher.class)))
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(ROUTING)
                .should()
                .accessTargetWhere(anyOf(CLOCKS_AND_CHANCE))
                .check(CLASSES);
    }

    @Test
    void the_machine_has_no_static_state() {
        fields().that()
                .areDeclaredInClassesThat()
                .resideInAPackage(ROUTING)
                .and()
                .areStatic()
                .should()
                .beFinal()
                .check(CLASSES);
    }

    @Test
    void simulations_know_no_clock_and_no_chance_but_their_own() {
        noClasses()
                .that()
                .resideInAPackage("org.dhtrpc.testkit..")
                .should()
                .accessTargetWhere(anyOf(CLOCKS_AND_CHANCE))
                .orShould()
                .dependOnClassesThat(
                        belongToAnyOf(SecureRandom.class, ThreadLocalRandom.class, Clock.class, Instant.class))
                .check(CLASSES);
    }

    @Test
    void the_node_alone_knows_dagger_and_the_codec_alone_messagepack() {
        onlyIn(NODE, "dagger..", "jakarta.inject..");
        onlyIn("org.dhtrpc.codec.msgpack..", "org.msgpack..");
        onlyIn("org.dhtrpc.transport.netty..", "io.netty..");
        noClasses()
                .that()
                .resideOutsideOfPackages(ROUTING, NODE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.common..")
                .check(CLASSES);
    }

    private static void onlyIn(String home, String... library) {
        noClasses()
                .that()
                .resideOutsideOfPackage(home)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library)
                .check(CLASSES);
    }

    @Test
    void no_public_signature_has_a_type_of_another_library_but_for_the_wiring() {
        classes()
                .that(DescribedPredicate.not(generated()))
                .should(haveSignaturesOf(jdkOrJspecify().or(resideInAPackage("org.dhtrpc.."))))
                .check(CLASSES);
    }

    @Test
    void no_name_says_nothing() {
        noClasses()
                .that(DescribedPredicate.not(generated()))
                .should()
                .haveNameMatching(".*[.$][^.$]*(Impl|Manager|Helper|Helpers|Util|Utils)")
                .orShould()
                .haveNameMatching(".*[.$](Abstract|Base|Default)[A-Z][^.$]*")
                .check(CLASSES);
    }

    @Test
    void no_package_is_a_drawer_for_everything() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..internal..", "..core..")
                .check(CLASSES);
    }

    /** Calls and method references. */
    private static DescribedPredicate<JavaAccess<?>> anyOf(Set<String> members) {
        return DescribedPredicate.describe(
                "is any of " + members,
                access -> members.contains(access.getTargetOwner().getName() + "." + access.getName()));
    }

    private static DescribedPredicate<JavaClass> jdkOrJspecify() {
        return resideInAnyPackage("java..", "org.jspecify..")
                .or(DescribedPredicate.describe(
                        "are primitive", type -> type.getBaseComponentType().isPrimitive()))
                .as("the JDK or jspecify");
    }

    private static DescribedPredicate<JavaClass> generated() {
        return DescribedPredicate.describe(
                "are generated by Dagger",
                type -> Stream.iterate(
                                type,
                                java.util.Objects::nonNull,
                                inner -> inner.getEnclosingClass().orElse(null))
                        .anyMatch(outer -> outer.getSimpleName().startsWith("Dagger")
                                || outer.getSimpleName().endsWith("Factory")));
    }

    /** Constructors, methods and fields that a caller can see, with their type arguments; annotations do not count. */
    private static ArchCondition<JavaClass> haveSignaturesOf(DescribedPredicate<JavaClass> allowed) {
        return new ArchCondition<>("have public signatures of " + allowed.getDescription()) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!visible(type.getModifiers())) {
                    return;
                }
                Stream.Builder<JavaType> seen = Stream.builder();
                type.getSuperclass().ifPresent(seen);
                type.getInterfaces().forEach(seen);
                for (JavaCodeUnit unit : type.getCodeUnits()) {
                    if (visible(unit.getModifiers())) {
                        unit.getParameterTypes().forEach(seen);
                        unit.getExceptionTypes().forEach(seen);
                        seen.add(unit.getReturnType());
                    }
                }
                for (JavaField field : type.getFields()) {
                    if (visible(field.getModifiers())) {
                        seen.add(field.getType());
                    }
                }
                seen.build()
                        .flatMap(part -> part.getAllInvolvedRawTypes().stream())
                        .filter(DescribedPredicate.not(allowed))
                        .distinct()
                        .forEach(foreign -> events.add(SimpleConditionEvent.violated(
                                type, type.getName() + " shows " + foreign.getName() + " to its callers")));
            }
        };
    }

    private static boolean visible(Set<JavaModifier> modifiers) {
        return !modifiers.contains(JavaModifier.SYNTHETIC)
                && (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED));
    }
}
