package io.qanat.query;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class MongoQueryTest {
  @Test
  void refusesToKeepLists() throws Exception {
    try (DefaultCamelContext camel = new DefaultCamelContext()) {
      MongoQuery query = new MongoQuery();
      query.setCamelContext(camel);
      query.setQuery("file:routes/records/queries/records.query.yaml");
      query.setCache("records");

      assertThatThrownBy(query::start)
          .hasMessage(
              "file:routes/records/queries/records.query.yaml is asked with cache: records,"
                  + " which takes one: \"true\"; lists change");
    }
  }
}
