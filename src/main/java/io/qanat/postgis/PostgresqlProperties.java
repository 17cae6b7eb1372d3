package io.qanat.postgis;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The database of the flows that keep something in PostgreSQL.
 *
 * @param url where it is, {@code jdbc:postgresql://host:port/database}
 * @param username who logs in
 * @param password the password
 * @param connections how many connections a flow may have at most
 * @param migrate whether the hub brings a flow's schema up to date itself
 * @param statementTimeout after how long PostgreSQL gives up a statement
 */
@ConfigurationProperties("qanat.postgresql")
record PostgresqlProperties(
    @DefaultValue("jdbc:postgresql://127.0.0.1:5433/qanat") String url,
    @DefaultValue("qanat") String username,
    @DefaultValue("") String password,
    @DefaultValue("10") int connections,
    @DefaultValue("true") boolean migrate,
    @DefaultValue("30s") Duration statementTimeout) {}
