package io.qanat.sandbox.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.force.api.ApiConfig;
import com.force.api.AuthException;
import com.force.api.CreateOrUpdateResult;
import com.force.api.DescribeSObject;
import com.force.api.ForceApi;
import com.force.api.QueryResult;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Uses force-rest-api, unmodified, against the stand-in. */
class ForceRestApiClientTest {
  private SandboxSalesforce sandbox;

  @BeforeEach
  void start() {
    sandbox = SandboxSalesforce.start(0);
  }

  @AfterEach
  void stop() {
    sandbox.close();
  }

  private ApiConfig config(String secret) {
    return new ApiConfig()
        .setLoginEndpoint(sandbox.url().toString())
        .setApiVersionString("v62.0")
        .setClientId("qanat")
        .setClientSecret(secret)
        .setUsername("qanat@example.com")
        .setPassword("qanat");
  }

  @Test
  void describesUpsertsQueriesAndDeletes() {
    ForceApi api = new ForceApi(config("qanat"));

    assertThat(api.getIdentity().getUsername()).isEqualTo("qanat@example.com");
    assertThat(api.describeGlobal().getSObjects()).hasSize(4);
    DescribeSObject contact = api.describeSObject("Contact");
    assertThat(contact.getFields()).anyMatch(f -> f.getName().equals("ExternalId__c"));

    Map<String, String> ada = Map.of("LastName", "Lovelace");
    assertThat(api.createOrUpdateSObject("Contact", "ExternalId__c", "a b/c", ada))
        .isEqualTo(CreateOrUpdateResult.CREATED);
    assertThat(api.createOrUpdateSObject("Contact", "ExternalId__c", "a b/c", ada))
        .isEqualTo(CreateOrUpdateResult.UPDATED);
    String id = api.createSObject("Contact", Map.of("LastName", "Byron"));
    api.updateSObject("Contact", id, Map.of("FirstName", "George"));

    QueryResult<?> found = api.query("SELECT Id, Name FROM Contact ORDER BY LastName");
    assertThat(found.getTotalSize()).isEqualTo(2);
    assertThat(found.getRecords().toString()).contains("George Byron");

    api.deleteSObject("Contact", id);
    assertThat(api.query("SELECT Id FROM Contact").getTotalSize()).isEqualTo(1);
  }

  @Test
  void isRefusedWithAWrongSecret() {
    assertThatThrownBy(() -> new ForceApi(config("wrong"))).isInstanceOf(AuthException.class);
  }

  @Test
  void logsInAgainWhenItsTokenHasExpired() {
    ForceApi api = new ForceApi(config("qanat"));
    SandboxClient.loggedIn(sandbox.url()).sim("POST", "/expire-tokens", "");

    assertThat(api.query("SELECT Id FROM Contact").getTotalSize()).isZero();
  }
}
