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
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
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

    /** Those packages of the testkit that are for tests alone, and the libraries of tests that nothing else knows. */
    private static final String[] TESTS = {"org.dhtrpc.testkit.contract..", "org.dhtrpc.testkit.junit.."};

    private static final String[] TEST_LIBRARIES = {
        "org.assertj..", "org.junit..", "org.opentest4j..", "com.sun.management"
    };

    /** The one library of those leaves that are about one. */
    private static final Map<String, String> LIBRARIES = Map.of(
            "org.dhtrpc.codec.msgpack", "org.msgpack..",
            "org.dhtrpc.codec.dhtrpc", "org.bouncycastle..",
            "org.dhtrpc.transport.netty", "io.netty..");

    private static final Set<String> CLOCKS_AND_CHANCE = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.lang.System.identityHashCode",
            "java.lang.Math.random",
            "java.util.Random.<init>",
            "java.util.SplittableRandom.<init>",
            "java.util.random.RandomGenerator.of",
            "java.util.random.RandomGenerator.getDefault",
            "java.util.UUID.randomUUID");

    /** Threads, the world outside, and collections whose order changes with every start of the JVM. */
    private static final Set<String> IMPURE = Set.of(
            "java.lang.System.out",
            "java.lang.System.err",
            "java.lang.System.getProperty",
            "java.lang.System.getenv",
            "java.util.Collection.parallelStream",
            "java.util.List.parallelStream",
            "java.util.Set.parallelStream",
            "java.util.stream.Stream.parallel",
            "java.util.stream.IntStream.parallel",
            "java.util.stream.LongStream.parallel",
            "java.util.IdentityHashMap.<init>",
            "java.util.Map.of",
            "java.util.Map.ofEntries",
            "java.util.Map.copyOf",
            "java.util.Set.of",
            "java.util.Set.copyOf",
            "java.util.stream.Collectors.groupingBy",
            "java.util.stream.Collectors.toMap",
            "java.util.stream.Collectors.toSet");

    /** What stands between the agent of hole punching and the world; paths are looked up on any thread. */
    private static final Set<String> DRIVERS = Set.of(
            "PunchingTransport", "SiblingSockets", "Gateway", "LocalAddresses", "Routes", "PunchBudget", "Calls");

    private static final Set<String> HASH_TABLES = Set.of("java.util.HashMap", "java.util.HashSet");
    private static final Set<String> MAPS_AND_SETS =
            Set.of("java.util.Map", "java.util.Set", "java.util.HashMap", "java.util.HashSet");
    private static final Set<String> ITERATIONS = Set.of(
            "entrySet", "forEach", "iterator", "keySet", "removeIf", "replaceAll", "stream", "toArray", "values");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.dhtrpc");

    @Test
    void every_module_of_the_library_is_looked_at() throws IOException {
        Set<String> packages = CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
        assertThat(packages)
                .contains(API)
                .contains("org.dhtrpc.routing", "org.dhtrpc.node")
                .containsAll(leaves())
                .doesNotContain("org.dhtrpc.it");
        assertThat(leaves())
                .contains(
                        "org.dhtrpc.testkit",
                        "org.dhtrpc.codec.msgpack",
                        "org.dhtrpc.codec.dhtrpc",
                        "org.dhtrpc.holepunch",
                        "org.dhtrpc.transport.netty",
                        "org.dhtrpc.transport.nio");
    }

    /** The package of each module but dht-api and dht-routing: what the words of its name say. */
    private static List<String> leaves() throws IOException {
        try (Stream<Path> folders =
                Files.list(Path.of(System.getProperty("basedir", ".")).resolve(".."))) {
            return folders.filter(folder -> Files.isDirectory(folder.resolve("src/main/java")))
                    .map(folder -> folder.getFileName().toString())
                    .filter(name -> name.startsWith("dht-")
                            && !Set.of("dht-api", "dht-routing").contains(name))
                    .map(name -> "org.dhtrpc." + name.substring("dht-".length()).replace('-', '.'))
                    .toList();
        }
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
    void leaves_see_only_the_api_and_the_one_library_that_they_are_about() throws IOException {
        for (String leaf : leaves()) {
            classes()
                    .that(resideInAPackage(leaf + "..").and(DescribedPredicate.not(resideInAnyPackage(TESTS))))
                    .should()
                    .onlyDependOnClassesThat(resideInAnyPackage(API)
                            .or(resideInAnyPackage(leaf + "..", LIBRARIES.getOrDefault(leaf, leaf)))
                            .or(jdkOrJspecify()))
                    .check(CLASSES);
        }
    }

    @Test
    void tests_of_others_see_the_testkit_and_the_libraries_of_tests_which_nothing_else_does() {
        classes()
                .that()
                .resideInAnyPackage(TESTS)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(API)
                        .or(resideInAPackage("org.dhtrpc.testkit.."))
                        .or(resideInAnyPackage(TEST_LIBRARIES))
                        .or(jdkOrJspecify()))
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackages(TESTS)
                .should()
                .dependOnClassesThat(resideInAnyPackage(TESTS).or(resideInAnyPackage(TEST_LIBRARIES)))
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
                                "java.time..",
                                "java.util.concurrent..",
                                "java.util.logging..",
                                "org.slf4j..")
                        .and(DescribedPredicate.not(belongToAnyOf(Duration.class)))
                        .or(belongToAnyOf(
                                Thread.class,
                                ThreadLocal.class,
                                System.Logger.class,
                                Date.class,
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
                .accessTargetWhere(anyOf(CLOCKS_AND_CHANCE).or(anyOf(IMPURE)))
                .check(CLASSES);
    }

    @Test
    void the_machine_never_depends_on_the_order_of_a_hash_table() {
        classes()
                .that()
                .resideInAPackage(ROUTING)
                .should(onlyLookUpInHashTables())
                .check(CLASSES);
    }

    @Test
    void the_agent_of_hole_punching_is_as_pure() {
        DescribedPredicate<JavaClass> agent = resideInAPackage("org.dhtrpc.holepunch")
                .and(DescribedPredicate.describe(
                        "but for what drives it",
                        type -> DRIVERS.stream()
                                .noneMatch(name ->
                                        type.getName().matches("org\\.dhtrpc\\.holepunch\\." + name + "(\\$.*)?"))));
        noClasses()
                .that(agent)
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "java.net..",
                                "java.io..",
                                "java.nio.channels..",
                                "java.util.concurrent..",
                                "java.util.logging..")
                        .or(belongToAnyOf(
                                Thread.class,
                                ThreadLocal.class,
                                System.Logger.class,
                                Clock.class,
                                Instant.class,
                                SecureRandom.class,
                                Transport.class,
                                EventLoop.class)))
                .check(CLASSES);
        noClasses()
                .that(agent)
                .should()
                .accessTargetWhere(anyOf(CLOCKS_AND_CHANCE))
                .check(CLASSES);
        classes().that(agent).should(onlyLookUpInHashTables()).check(CLASSES);
    }

    /** Which map an iteration is over no byte code tells; so a class that makes a hash table iterates over no map at all. */
    private static ArchCondition<JavaClass> onlyLookUpInHashTables() {
        return new ArchCondition<>("only look up in the hash tables that they make") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (type.getConstructorCallsFromSelf().stream()
                        .anyMatch(call ->
                                HASH_TABLES.contains(call.getTargetOwner().getName()))) {
                    type.getMethodCallsFromSelf().stream()
                            .filter(call -> ITERATIONS.contains(call.getName())
                                    && MAPS_AND_SETS.contains(
                                            call.getTargetOwner().getName()))
                            .forEach(call -> events.add(SimpleConditionEvent.violated(call, call.getDescription())));
                }
            }
        };
    }

    @Test
    void the_machine_has_no_static_state() {
        fields().that(new DescribedPredicate<JavaField>("are no empty arrays") {
                    @Override
                    public boolean test(JavaField field) {
                        return !isEmptyArray(field);
                    }
                })
                .and()
                .areDeclaredInClassesThat()
                .resideInAPackage(ROUTING)
                .and()
                .areStatic()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .beFinal()
                .andShould()
                .haveRawType(DescribedPredicate.describe(
                        "immutable",
                        type -> type.isPrimitive()
                                || type.isEnum()
                                || type.isRecord()
                                || type.isEquivalentTo(String.class)
                                || type.isEquivalentTo(Duration.class)))
                .check(CLASSES);
    }

    private static boolean isEmptyArray(JavaField field) {
        if (!field.getRawType().isArray() || !field.getModifiers().contains(JavaModifier.STATIC)) {
            return false;
        }
        try {
            Field reflected = field.reflect();
            reflected.setAccessible(true);
            return Array.getLength(reflected.get(null)) == 0;
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void simulations_know_no_clock_and_no_chance_but_their_own() {
        noClasses()
                .that()
                .resideInAPackage("org.dhtrpc.testkit..")
                .and()
                .resideOutsideOfPackage("org.dhtrpc.testkit.contract")
                .should()
                .accessTargetWhere(anyOf(CLOCKS_AND_CHANCE))
                .orShould()
                .dependOnClassesThat(belongToAnyOf(
                        SecureRandom.class, ThreadLocalRandom.class, Clock.class, Instant.class, Date.class))
                .check(CLASSES);
    }

    @Test
    void the_node_alone_knows_dagger_and_a_leaf_alone_its_library() {
        onlyIn(NODE, "dagger..", "jakarta.inject..", "javax.inject..");
        LIBRARIES.forEach((leaf, library) -> onlyIn(leaf + "..", library));
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
                .that(DescribedPredicate.not(generated().or(resideInAnyPackage(TESTS))))
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
        return resideInAnyPackage("java..", "javax.crypto..", "org.jspecify..")
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
