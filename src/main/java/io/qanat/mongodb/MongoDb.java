package io.qanat.mongodb;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The client of {@code qanat.mongodb.uri}, which fails soon where the driver would wait long. */
@Configuration(proxyBeanMethods = false)
class MongoDb {
  private static final int SOON_MS = 2_000;
  private static final int SOCKET_MS = 30_000;
  private static final String DATABASE = "qanat";

  @Bean(destroyMethod = "close")
  MongoClient mongoClient(@Value("${qanat.mongodb.uri}") String uri) {
    return MongoClients.create(
        MongoClientSettings.builder()
            .applicationName("qanat")
            .writeConcern(WriteConcern.MAJORITY)
            .applyToClusterSettings(c -> c.serverSelectionTimeout(SOON_MS, TimeUnit.MILLISECONDS))
            .applyToSocketSettings(
                s ->
                    s.connectTimeout(SOON_MS, TimeUnit.MILLISECONDS)
                        .readTimeout(SOCKET_MS, TimeUnit.MILLISECONDS))
            .applyConnectionString(new ConnectionString(uri))
            .build());
  }

  @Bean
  MongoDatabase mongoDatabase(MongoClient client, @Value("${qanat.mongodb.uri}") String uri) {
    String named = new ConnectionString(uri).getDatabase();
    return client.getDatabase(named == null ? DATABASE : named);
  }
}
