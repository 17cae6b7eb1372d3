package io.qanat;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.TimeUnit;

/** Java is cut by verb and system, and the cuts hold. */
@AnalyzeClasses(packages = "io.qanat", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] SINKS = {"..salesforce..", "..mongodb..", "..postgis.."};

  @ArchTest
  static final ArchRule packagesMakeNoCycle =
      slices().matching("io.qanat.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theDeliverEngineKnowsNeitherSinkNorAccept =
      noClasses()
          .that()
          .resideInAPackage("io.qanat.deliver..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.qanat.accept..",
                  "io.qanat.salesforce..",
                  "io.qanat.mongodb..",
                  "io.qanat.postgis.."))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule acceptKnowsNothingOfDelivery =
      noClasses()
          .that()
          .resideInAPackage("io.qanat.accept..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.qanat.deliver..",
                  "io.qanat.deadletter..",
                  "io.qanat.receipt..",
                  "io.qanat.salesforce..",
                  "io.qanat.mongodb..",
                  "io.qanat.postgis.."))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule sinksKnowNothingOfAccept =
      noClasses()
          .that()
          .resideInAnyPackage(SINKS)
          .should()
          .dependOnClassesThat(resideInAnyPackage("io.qanat.accept.."))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule sinksDoNotKnowEachOther =
      slices()
          .matching("io.qanat.(salesforce|mongodb|postgis)..")
          .should()
          .notDependOnEachOther()
          .allowEmptyShould(true);

  @ArchTest static final ArchRule logsThroughSlf4j = NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;

  @ArchTest static final ArchRule printsNothing = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

  /** Only the pause between two tries has no event to wait for: of a sink, and of a question. */
  @ArchTest
  static final ArchRule waitsForEventsAndSleepsBetweenTriesOnly =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.qanat.deliver.SystemPace")
          .and()
          .doNotHaveFullyQualifiedName("io.qanat.query.FreshId")
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", long.class, int.class)
          .orShould()
          .callMethod(TimeUnit.class, "sleep", long.class);
}
