package io.qanat.trials;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A trial that runs once for each flow under trial that ends in MongoDB. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest(name = "{displayName}: {0}", allowZeroInvocations = true)
@MethodSource("io.qanat.trials.MongoFlow#chosen")
@interface EachMongoFlow {}
