package dev.tocsin.tidy;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may know whom. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.tocsin");

  private static final String[] STAGES = {
    "ingest", "evaluate", "deliver", "schedule", "stream", "expire"
  };

  /** What reads the machine: its clock, its chance, its environment. */
  private static final String[] MACHINE = {"app", "config"};

  @Test
  void packages_form_no_cycles() {
    slices().matching("dev.tocsin.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  static Stream<String> stages() {
    return Stream.of(STAGES);
  }

  @ParameterizedTest
  @MethodSource("stages")
  void a_stage_knows_no_other_stage(String stage) {
    String[] others =
        Stream.of(STAGES)
            .filter(other -> !other.equals(stage))
            .map(other -> "dev.tocsin." + other)
            .toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.tocsin." + stage)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(others));
  }

  @ParameterizedTest
  @MethodSource("stages")
  void in_a_stage_only_the_verticle_knows_vertx(String stage) {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.tocsin." + stage)
            .and()
            .haveSimpleNameNotEndingWith("Verticle")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx.."));
  }

  @Test
  void stages_and_vocabulary_do_not_know_the_store_the_api_or_the_app() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "dev.tocsin.store", "dev.tocsin.api", "dev.tocsin.bridge", "dev.tocsin.app")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "dev.tocsin.store", "dev.tocsin.api", "dev.tocsin.bridge", "dev.tocsin.app"));
  }

  /** Nothing may get past the gate, the rights and the room for bodies. */
  @Test
  void clients_on_the_bus_reach_the_stages_and_the_store_through_the_api_alone() {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.tocsin.bridge")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "dev.tocsin.store",
                "dev.tocsin.access",
                "dev.tocsin.bus",
                "dev.tocsin.ingest",
                "dev.tocsin.evaluate",
                "dev.tocsin.app"));
  }

  @Test
  void only_rule_knows_groovy_and_rule_knows_neither_the_network_nor_files() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.tocsin.rule..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("groovy..", "org.apache.groovy..", "org.codehaus.groovy.."));
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.tocsin.rule..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "java.sql..", "java.net..", "java.io.."));
  }

  /**
   * A calculation's text must find no way to a class by its name. Only what compiles checked trees,
   * {@code GroovyCompiler} and the {@code Constants} it hands over, may load one.
   */
  @Test
  void calculations_are_read_and_run_without_reflection_scripts_or_processes() {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.tocsin.rule..")
            .and()
            .doNotHaveSimpleName("GroovyCompiler")
            .and()
            .doNotHaveSimpleName("Constants")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                        "java.lang.reflect..",
                        "java.lang.invoke..",
                        "javax.script..",
                        "groovy..",
                        "org.apache.groovy..",
                        "org.codehaus.groovy..")
                    .or(isOneOf(ClassLoader.class, Runtime.class, ProcessBuilder.class)))
            .orShould()
            .callMethodWhere(
                target(owner(isOneOf(Class.class)))
                    .and(not(target(nameMatching("isInstance|getSimpleName"))))));
  }

  @Test
  void only_cluster_knows_hazelcast() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.tocsin.cluster")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.hazelcast..", "io.vertx.spi.cluster.."));
  }

  @Test
  void only_the_store_speaks_sql_and_only_webhook_sends_requests() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.tocsin.store")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "io.vertx.sqlclient..",
                    "io.vertx.pgclient..",
                    "java.sql..",
                    "org.flywaydb..")));
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage("dev.tocsin.webhook")
            .should()
            .dependOnClassesThat(
                resideInAPackage("io.vertx.ext.web.client..")
                    .or(named("io.vertx.core.http.HttpClient"))));
  }

  @Test
  void clock_chance_and_environment_are_read_in_app_and_config_only() {
    String[] machine = Stream.of(MACHINE).map(name -> "dev.tocsin." + name).toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(machine)
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(java.util.UUID.class, "randomUUID")
            .orShould()
            .callConstructor(java.security.SecureRandom.class)
            .orShould()
            .callMethod(java.util.concurrent.ThreadLocalRandom.class, "current"));
  }

  @Test
  void nothing_sleeps() {
    check(
        noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", java.time.Duration.class));
  }

  @Test
  void names_say_the_role() {
    check(
        classes()
            .should()
            .haveSimpleNameNotEndingWith("Service")
            .andShould()
            .haveSimpleNameNotEndingWith("Manager")
            .andShould()
            .haveSimpleNameNotEndingWith("Helper")
            .andShould()
            .haveSimpleNameNotEndingWith("Util")
            .andShould()
            .haveSimpleNameNotEndingWith("Utils")
            .andShould()
            .haveSimpleNameNotEndingWith("Impl"));
  }

  private static DescribedPredicate<JavaClass> isOneOf(Class<?>... types) {
    return DescribedPredicate.describe(
        "is one of " + List.of(types), type -> Stream.of(types).anyMatch(type::isEquivalentTo));
  }

  private static DescribedPredicate<JavaClass> named(String name) {
    return DescribedPredicate.describe("is " + name, type -> type.getName().equals(name));
  }

  private static void check(ArchRule rule) {
    rule.check(CLASSES);
  }
}
